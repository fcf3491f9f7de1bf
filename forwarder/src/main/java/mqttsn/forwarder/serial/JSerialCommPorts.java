package mqttsn.forwarder.serial;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import java.io.IOException;
import mqttsn.forwarder.config.Serial;
import org.tinylog.Logger;

/** The ports of this machine: 8 data bits, no parity, one stop bit, no flow control. */
final class JSerialCommPorts implements SerialPorts {

  /** How long a read waits for the first octet, and how soon a closed line is noticed. */
  private static final int READ_TIMEOUT_MILLIS = 200;

  private static final int WRITE_TIMEOUT_MILLIS = 2_000;
  private static final int DATA_BITS = 8;

  private final Serial settings;

  JSerialCommPorts(Serial settings) {
    this.settings = settings;
    // Its native part has SIGHUP ignored in the whole process, and Java does not take it back.
    Logger.info(
        "the library of the serial line ignores SIGHUP: a changed configuration needs a restart");
  }

  @Override
  public OpenPort open() throws IOException {
    SerialPort port;
    try {
      port = SerialPort.getCommPort(settings.port());
    } catch (SerialPortInvalidPortException e) {
      throw new IOException("there is no such port", e);
    }
    port.setComPortParameters(
        settings.baud(), DATA_BITS, SerialPort.ONE_STOP_BIT, SerialPort.NO_PARITY);
    port.setFlowControl(SerialPort.FLOW_CONTROL_DISABLED);
    port.setComPortTimeouts(
        SerialPort.TIMEOUT_READ_SEMI_BLOCKING | SerialPort.TIMEOUT_WRITE_BLOCKING,
        READ_TIMEOUT_MILLIS,
        WRITE_TIMEOUT_MILLIS);
    if (!port.openPort()) {
      throw new IOException("error " + port.getLastErrorCode());
    }
    return new Opened(port);
  }

  private record Opened(SerialPort port) implements OpenPort {

    @Override
    public int read(byte[] into) throws IOException {
      int count = port.readBytes(into, into.length);
      if (count < 0) {
        throw new IOException("error " + port.getLastErrorCode());
      }
      return count;
    }

    @Override
    public void write(byte[] octets) throws IOException {
      int count = port.writeBytes(octets, octets.length);
      if (count != octets.length) {
        throw new IOException("took " + count + " of " + octets.length + " octets");
      }
    }

    @Override
    public void close() {
      port.closePort();
    }
  }
}
