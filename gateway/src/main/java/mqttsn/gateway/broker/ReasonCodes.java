package mqttsn.gateway.broker;

import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import java.util.Locale;
import mqttsn.codec.ReturnCode;
import org.jspecify.annotations.Nullable;

/**
 * Reason codes of MQTT 5, and return codes of MQTT 3.1.1, as return codes of MQTT-SN and as words.
 */
final class ReasonCodes {

  private static final int FIRST_FAILURE = 0x80;
  private static final int QUOTA_EXCEEDED = 0x97;

  private ReasonCodes() {}

  /** The return code for a reason in PUBACK, PUBREC or SUBACK, 0 to 255. */
  static ReturnCode returnCode(int reasonCode) {
    if (reasonCode < FIRST_FAILURE) {
      return ReturnCode.ACCEPTED;
    }
    return reasonCode == QUOTA_EXCEEDED ? ReturnCode.CONGESTION : ReturnCode.NOT_SUPPORTED;
  }

  /** Whom a CONNACK that refuses is about, and whether trying again can help. */
  enum Scope {
    /** The broker does not speak this version of MQTT. */
    VERSION,
    /** The broker takes nobody at the moment: another URL, or a later time, can help. */
    BROKER,
    /** This client, for now. */
    CLIENT_FOR_NOW,
    /** This client, until somebody changes a configuration. */
    CLIENT
  }

  static Scope scope(MqttConnectReturnCode code) {
    return switch (code) {
      case CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION,
          CONNECTION_REFUSED_UNSUPPORTED_PROTOCOL_VERSION ->
          Scope.VERSION;
      case CONNECTION_REFUSED_SERVER_UNAVAILABLE,
          CONNECTION_REFUSED_SERVER_UNAVAILABLE_5,
          CONNECTION_REFUSED_SERVER_BUSY,
          CONNECTION_REFUSED_CONNECTION_RATE_EXCEEDED,
          CONNECTION_REFUSED_USE_ANOTHER_SERVER,
          CONNECTION_REFUSED_SERVER_MOVED ->
          Scope.BROKER;
      case CONNECTION_REFUSED_QUOTA_EXCEEDED -> Scope.CLIENT_FOR_NOW;
      case CONNECTION_ACCEPTED,
          CONNECTION_REFUSED_IDENTIFIER_REJECTED,
          CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD,
          CONNECTION_REFUSED_NOT_AUTHORIZED,
          CONNECTION_REFUSED_UNSPECIFIED_ERROR,
          CONNECTION_REFUSED_MALFORMED_PACKET,
          CONNECTION_REFUSED_PROTOCOL_ERROR,
          CONNECTION_REFUSED_IMPLEMENTATION_SPECIFIC,
          CONNECTION_REFUSED_CLIENT_IDENTIFIER_NOT_VALID,
          CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD,
          CONNECTION_REFUSED_NOT_AUTHORIZED_5,
          CONNECTION_REFUSED_BANNED,
          CONNECTION_REFUSED_BAD_AUTHENTICATION_METHOD,
          CONNECTION_REFUSED_TOPIC_NAME_INVALID,
          CONNECTION_REFUSED_PACKET_TOO_LARGE,
          CONNECTION_REFUSED_PAYLOAD_FORMAT_INVALID,
          CONNECTION_REFUSED_RETAIN_NOT_SUPPORTED,
          CONNECTION_REFUSED_QOS_NOT_SUPPORTED ->
          Scope.CLIENT;
    };
  }

  /** "refused: not authorized (0x87)", with the broker's own reason string if it gave one. */
  static String refusal(MqttConnectReturnCode code, MqttProperties properties) {
    String name = code.name().replace("CONNECTION_REFUSED_", "").replaceFirst("_5$", "");
    return "refused: " + words(name, code.byteValue()) + reasonString(properties);
  }

  /** Whether DISCONNECT says that another connection has the ClientId now. */
  static boolean isTakenOver(byte reasonCode) {
    return reasonCode == MqttReasonCodes.Disconnect.SESSION_TAKEN_OVER.byteValue();
  }

  /** "the broker disconnected: session taken over (0x8E)". */
  static String disconnection(byte reasonCode, @Nullable MqttProperties properties) {
    return "the broker disconnected: "
        + words(disconnectName(reasonCode), reasonCode)
        + reasonString(properties);
  }

  private static String disconnectName(byte reasonCode) {
    for (MqttReasonCodes.Disconnect reason : MqttReasonCodes.Disconnect.values()) {
      if (reason.byteValue() == reasonCode) {
        return reason.name();
      }
    }
    return "UNKNOWN_REASON";
  }

  private static String words(String constant, byte code) {
    String words = constant.toLowerCase(Locale.ROOT).replace('_', ' ');
    return "%s (0x%02X)".formatted(words, code & 0xFF);
  }

  private static String reasonString(@Nullable MqttProperties properties) {
    MqttProperty<?> reason =
        properties == null ? null : properties.getProperty(MqttProperties.REASON_STRING);
    return reason == null ? "" : ", " + Failures.oneLine(String.valueOf(reason.value()));
  }
}
