package mqttsn.gateway.client;

import mqttsn.codec.Qos;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The value of a QoS option: -1, 0, 1 or 2. */
final class QosOption implements ITypeConverter<Qos> {

  @Override
  public Qos convert(String value) {
    return switch (value) {
      case "-1" -> Qos.MINUS_ONE;
      case "0" -> Qos.ZERO;
      case "1" -> Qos.ONE;
      case "2" -> Qos.TWO;
      default -> throw new TypeConversionException("'" + value + "', expected -1, 0, 1 or 2");
    };
  }
}
