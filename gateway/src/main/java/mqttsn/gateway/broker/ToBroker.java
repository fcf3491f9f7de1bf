package mqttsn.gateway.broker;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscribePayload;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption.RetainedHandlingPolicy;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribePayload;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.List;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.gateway.session.Action.Farewell;
import mqttsn.gateway.session.BrokerCommand;
import mqttsn.gateway.session.BrokerConnect;
import mqttsn.gateway.session.Will;

/** The packets that the library encodes, each in one place; {@link FrequentPackets} are octets. */
final class ToBroker {

  static final MqttMessage PINGREQ = new MqttMessage(header(MqttMessageType.PINGREQ, 0));

  private static final MqttFixedHeader SUBSCRIBE = header(MqttMessageType.SUBSCRIBE, 1);
  private static final MqttFixedHeader UNSUBSCRIBE = header(MqttMessageType.UNSUBSCRIBE, 1);
  private static final MqttFixedHeader CONNECT = header(MqttMessageType.CONNECT, 0);
  private static final MqttFixedHeader DISCONNECT = header(MqttMessageType.DISCONNECT, 0);

  private ToBroker() {}

  /**
   * The packet of a command that is none of the {@link FrequentPackets}.
   *
   * @param subscriptionIdentifiers whether the broker takes them
   */
  static MqttMessage packet(BrokerCommand command, boolean subscriptionIdentifiers) {
    if (command instanceof BrokerCommand.Subscribe subscribe) {
      return subscribe(subscribe, subscriptionIdentifiers);
    } else if (command instanceof BrokerCommand.Unsubscribe unsubscribe) {
      return unsubscribe(unsubscribe);
    } else {
      return PINGREQ;
    }
  }

  /** Whether a PUBLISH, user properties included, surely has no more octets than {@code most}. */
  static boolean fits(BrokerCommand.Publish publish, int most) {
    BrokerCommand.Origin origin = publish.origin();
    long properties = origin == null ? 1 : 64L + ByteBufUtil.utf8Bytes(origin.clientId());
    long others = 9L + properties + publish.payload().size();
    return others + 3L * publish.topicName().length() <= most
        || others + ByteBufUtil.utf8Bytes(publish.topicName()) <= most;
  }

  static MqttConnectMessage connect(
      BrokerConnect connect, boolean version5, BrokerSecrets secrets, Announced announced) {
    Will will = connect.will();
    Octets password = secrets.password();
    boolean cleanStart = version5 ? connect.cleanStart() : !connect.persistent();
    MqttVersion version = version5 ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1;
    MqttConnectVariableHeader header =
        new MqttConnectVariableHeader(
            version.protocolName(),
            version.protocolLevel(),
            secrets.username() != null,
            password != null,
            will != null && will.retain(),
            will == null ? 0 : will.qos().level(),
            will != null,
            cleanStart,
            announced.keepAliveSeconds(),
            version5 ? connectProperties(connect, announced) : MqttProperties.NO_PROPERTIES);
    MqttConnectPayload payload =
        new MqttConnectPayload(
            connect.clientId(),
            version5 && will != null ? willProperties(connect) : MqttProperties.NO_PROPERTIES,
            will == null ? null : will.topicName(),
            will == null ? null : will.payload().toByteArray(),
            secrets.username(),
            password == null ? null : password.toByteArray());
    return new MqttConnectMessage(CONNECT, header, payload);
  }

  /**
   * What a CONNECT says about the gateway, whoever the client is.
   *
   * @param keepAliveSeconds 0 to 65535; 0 for none
   * @param maximumPacketBytes largest packet that the gateway takes
   */
  record Announced(int keepAliveSeconds, int maximumPacketBytes) {}

  private static MqttProperties connectProperties(BrokerConnect connect, Announced announced) {
    MqttProperties properties = new MqttProperties();
    long expirySeconds = Math.min(connect.sessionExpirySeconds(), 0xFFFF_FFFFL);
    properties.add(
        new IntegerProperty(MqttProperties.SESSION_EXPIRY_INTERVAL, (int) expirySeconds));
    properties.add(new IntegerProperty(MqttProperties.RECEIVE_MAXIMUM, connect.receiveMaximum()));
    properties.add(
        new IntegerProperty(MqttProperties.MAXIMUM_PACKET_SIZE, announced.maximumPacketBytes()));
    return properties;
  }

  private static MqttProperties willProperties(BrokerConnect connect) {
    MqttProperties properties = new MqttProperties();
    long delaySeconds = Math.min(connect.willDelaySeconds(), 0xFFFF_FFFFL);
    properties.add(new IntegerProperty(MqttProperties.WILL_DELAY_INTERVAL, (int) delaySeconds));
    return properties;
  }

  static MqttMessage disconnect(Farewell farewell, boolean version5) {
    if (!version5) {
      return new MqttMessage(DISCONNECT);
    }
    MqttProperties properties = MqttProperties.NO_PROPERTIES;
    if (farewell == Farewell.END_SESSION) {
      properties = new MqttProperties();
      properties.add(new IntegerProperty(MqttProperties.SESSION_EXPIRY_INTERVAL, 0));
    }
    return new MqttMessage(
        DISCONNECT, new MqttReasonCodeAndPropertiesVariableHeader((byte) 0, properties));
  }

  private static MqttMessage subscribe(
      BrokerCommand.Subscribe subscribe, boolean subscriptionIdentifiers) {
    // MQTT 3.1.1 has but the QoS of these options; the encoder leaves the others out.
    MqttSubscriptionOption option =
        new MqttSubscriptionOption(
            mqttQos(subscribe.qos()),
            false,
            false,
            subscribe.sendRetained()
                ? RetainedHandlingPolicy.SEND_AT_SUBSCRIBE
                : RetainedHandlingPolicy.DONT_SEND_AT_SUBSCRIBE);
    MqttProperties properties = MqttProperties.NO_PROPERTIES;
    int identifier = subscribe.subscriptionIdentifier();
    if (subscriptionIdentifiers && identifier != 0) {
      properties = new MqttProperties();
      properties.add(new IntegerProperty(MqttProperties.SUBSCRIPTION_IDENTIFIER, identifier));
    }
    return new MqttSubscribeMessage(
        SUBSCRIBE,
        new MqttMessageIdAndPropertiesVariableHeader(subscribe.packetIdentifier(), properties),
        new MqttSubscribePayload(
            List.of(new MqttTopicSubscription(subscribe.topicFilter(), option))));
  }

  private static MqttMessage unsubscribe(BrokerCommand.Unsubscribe unsubscribe) {
    return new MqttUnsubscribeMessage(
        UNSUBSCRIBE,
        new MqttMessageIdAndPropertiesVariableHeader(
            unsubscribe.packetIdentifier(), MqttProperties.NO_PROPERTIES),
        new MqttUnsubscribePayload(List.of(unsubscribe.topicFilter())));
  }

  private static MqttQoS mqttQos(Qos qos) {
    return switch (qos) {
      case ZERO, MINUS_ONE -> MqttQoS.AT_MOST_ONCE;
      case ONE -> MqttQoS.AT_LEAST_ONCE;
      case TWO -> MqttQoS.EXACTLY_ONCE;
    };
  }

  private static MqttFixedHeader header(MqttMessageType type, int qos) {
    return new MqttFixedHeader(type, false, MqttQoS.valueOf(qos), false, 0);
  }
}
