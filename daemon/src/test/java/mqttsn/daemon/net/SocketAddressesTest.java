package mqttsn.daemon.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketAddressesTest {

  @ParameterizedTest
  @CsvSource({
    "00000000000000000000FFFFC0000201, /192.0.2.1:5000",
    "00000000000000000000000000000001, /[0:0:0:0:0:0:0:1]:5000",
    "20010DB8000000000000FFFFC0000201, /[2001:db8:0:0:0:ffff:c000:201]:5000",
    "0000000000000000000000FFC0000201, /[0:0:0:0:0:ff:c000:201]:5000"
  })
  void writesIpv4InIpv6AsIpv4(String octets, String canonical) throws UnknownHostException {
    // Unlike InetAddress, Inet6Address keeps a mapped address as it is, and so do native sockets.
    Inet6Address address = Inet6Address.getByAddress(null, HexFormat.of().parseHex(octets), -1);

    assertThat(SocketAddresses.canonical(new InetSocketAddress(address, 5000)))
        .hasToString(canonical);
  }
}
