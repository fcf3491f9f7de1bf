package mqttsn.forwarder.serial;

import java.io.IOException;

/** Opens a serial port, again and again as a cable is pulled and put back. */
interface SerialPorts {

  /** Opens the port. Blocks for a short time. */
  OpenPort open() throws IOException;

  /** A port that is open until it fails or is closed. One thread reads, another one writes. */
  interface OpenPort extends AutoCloseable {

    /**
     * Waits a short time for octets.
     *
     * @return how many were read, 0 if there were none
     * @throws IOException if the port is lost
     */
    int read(byte[] into) throws IOException;

    /**
     * Waits until all octets are taken.
     *
     * @throws IOException if the port is lost, or takes nothing for too long
     */
    void write(byte[] octets) throws IOException;

    @Override
    void close();
  }
}
