package mqttsn.gateway.broker;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import java.util.ArrayList;
import java.util.List;
import mqttsn.codec.Octets;
import mqttsn.codec.Qos;
import mqttsn.codec.ReturnCode;
import mqttsn.gateway.session.BrokerEvent;
import mqttsn.gateway.session.BrokerLimits;
import mqttsn.gateway.session.SubscriptionIdentifiers;

/**
 * MQTT packets in our words, each packet in one place. What a broker must not send is a {@link
 * CorruptedFrameException}.
 */
final class FromBroker {

  /**
   * What a packet may have when the broker names no limit: 256 MiB of remaining length, and header.
   */
  private static final int LARGEST_PACKET_BYTES = 268_435_460;

  private FromBroker() {}

  static BrokerEvent.Publish publish(MqttPublishMessage packet) {
    MqttPublishVariableHeader header = packet.variableHeader();
    // An empty name needs a topic alias, and we allow none.
    if (header.topicName().isEmpty()) {
      throw new CorruptedFrameException("a PUBLISH without topic name");
    }
    ByteBuf payload = packet.payload();
    Qos qos = qos(packet.fixedHeader().qosLevel().value());
    return new BrokerEvent.Publish(
        qos == Qos.ZERO ? 0 : header.packetId(),
        header.topicName(),
        Octets.copyOf(payload, payload.readerIndex(), payload.readableBytes()),
        qos,
        packet.fixedHeader().isRetain(),
        packet.fixedHeader().isDup(),
        subscriptionIdentifiers(header.properties()));
  }

  static BrokerEvent.PubAck pubAck(MqttMessage packet) {
    return new BrokerEvent.PubAck(packetIdentifier(packet), returnCode(packet));
  }

  static BrokerEvent.PubAck pubAck(int packetIdentifier, int reasonCode) {
    return new BrokerEvent.PubAck(packetIdentifier, ReasonCodes.returnCode(reasonCode));
  }

  static BrokerEvent.PubRec pubRec(MqttMessage packet) {
    return new BrokerEvent.PubRec(packetIdentifier(packet), returnCode(packet));
  }

  static BrokerEvent.PubRel pubRel(MqttMessage packet) {
    return new BrokerEvent.PubRel(packetIdentifier(packet));
  }

  static BrokerEvent.PubComp pubComp(MqttMessage packet) {
    return new BrokerEvent.PubComp(packetIdentifier(packet));
  }

  static BrokerEvent.SubAck subAck(MqttSubAckMessage packet) {
    List<Integer> reasonCodes = packet.payload().reasonCodes();
    if (reasonCodes.size() != 1) {
      throw new CorruptedFrameException(
          "a SUBACK with " + reasonCodes.size() + " reason codes for one filter");
    }
    int reasonCode = reasonCodes.get(0);
    ReturnCode returnCode = ReasonCodes.returnCode(reasonCode);
    Qos granted = returnCode == ReturnCode.ACCEPTED ? qos(reasonCode) : Qos.ZERO;
    return new BrokerEvent.SubAck(packetIdentifier(packet), returnCode, granted);
  }

  static BrokerEvent.UnsubAck unsubAck(MqttMessage packet) {
    return new BrokerEvent.UnsubAck(packetIdentifier(packet));
  }

  /** What a CONNACK with success allows. */
  static BrokerLimits limits(MqttConnAckMessage packet, boolean version5) {
    if (!version5) {
      return BrokerLimits.MQTT_3_1_1;
    }
    MqttProperties properties = packet.variableHeader().properties();
    int receiveMaximum = number(properties, MqttProperties.RECEIVE_MAXIMUM, 65_535);
    int maximumPacketBytes =
        number(properties, MqttProperties.MAXIMUM_PACKET_SIZE, LARGEST_PACKET_BYTES);
    if (receiveMaximum == 0 || maximumPacketBytes == 0) {
      throw new CorruptedFrameException("a CONNACK with a limit of 0");
    }
    return new BrokerLimits(
        5,
        receiveMaximum,
        qos(number(properties, MqttProperties.MAXIMUM_QOS, 2)),
        number(properties, MqttProperties.RETAIN_AVAILABLE, 1) == 1,
        // A four-octet number beyond the sign reads as negative; no packet is that large.
        maximumPacketBytes < 0
            ? LARGEST_PACKET_BYTES
            : Math.min(maximumPacketBytes, LARGEST_PACKET_BYTES));
  }

  /** A property that stands at most once, or what its absence means. */
  static int number(MqttProperties properties, int property, int absent) {
    MqttProperty<?> present = properties.getProperty(property);
    return present != null && present.value() instanceof Integer number ? number : absent;
  }

  private static SubscriptionIdentifiers subscriptionIdentifiers(MqttProperties properties) {
    if (properties.isEmpty()) {
      return SubscriptionIdentifiers.NONE;
    }
    List<Integer> identifiers = new ArrayList<>();
    for (MqttProperty<?> property :
        properties.getProperties(MqttProperties.SUBSCRIPTION_IDENTIFIER)) {
      if (property.value() instanceof Integer identifier) {
        identifiers.add(identifier);
      }
    }
    return identifiers.isEmpty()
        ? SubscriptionIdentifiers.NONE
        : new SubscriptionIdentifiers(List.copyOf(identifiers));
  }

  private static int packetIdentifier(MqttMessage packet) {
    int packetIdentifier = ((MqttMessageIdVariableHeader) packet.variableHeader()).messageId();
    if (packetIdentifier == 0) {
      throw new CorruptedFrameException(packet.fixedHeader().messageType() + " with identifier 0");
    }
    return packetIdentifier;
  }

  /** The reason that MQTT 5 adds to an acknowledgement; without it, success. */
  private static ReturnCode returnCode(MqttMessage packet) {
    return packet.variableHeader() instanceof MqttPubReplyMessageVariableHeader header
        ? ReasonCodes.returnCode(header.reasonCode() & 0xFF)
        : ReturnCode.ACCEPTED;
  }

  private static Qos qos(int level) {
    if (level < 0 || level > 2) {
      throw new CorruptedFrameException("QoS is " + level + ", expected 0, 1 or 2");
    }
    return Qos.ofLevel(level);
  }
}
