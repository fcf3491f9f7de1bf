package mqttsn.gateway.broker;

import io.moquette.broker.config.IConfig;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import mqttsn.gateway.demo.EmbeddedBroker;
import mqttsn.gateway.testing.FreePort;
import org.junit.jupiter.api.Test;

class EmbeddedBrokerTransportsIT extends TransportsContract {

  private static final String PASSWORD = "changeit";

  private int wssPort;

  @Override
  AutoCloseable start(Path directory) throws Exception {
    wssPort = FreePort.find();
    File keyStore = brokerCertificate.toTempKeyStoreFile(PASSWORD.toCharArray());
    Map<String, String> settings = new HashMap<>();
    settings.put(IConfig.SSL_PORT_PROPERTY_NAME, Integer.toString(tlsPort));
    settings.put(IConfig.WEB_SOCKET_PORT_PROPERTY_NAME, Integer.toString(webSocketPort));
    settings.put(IConfig.WSS_PORT_PROPERTY_NAME, Integer.toString(wssPort));
    settings.put(IConfig.JKS_PATH_PROPERTY_NAME, keyStore.getPath());
    settings.put(IConfig.KEY_STORE_TYPE, "pkcs12");
    settings.put(IConfig.KEY_STORE_PASSWORD_PROPERTY_NAME, PASSWORD);
    settings.put(IConfig.KEY_MANAGER_PASSWORD_PROPERTY_NAME, PASSWORD);
    return EmbeddedBroker.start(settings);
  }

  @Test
  void relaysOverWebSocketInTls() throws IOException {
    relays(TestSettings.tls(trustingCa(), "wss://localhost:" + wssPort + "/mqtt"));
  }
}
