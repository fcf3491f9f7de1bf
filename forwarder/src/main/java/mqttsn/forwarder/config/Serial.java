package mqttsn.forwarder.config;

import mqttsn.daemon.config.Default;
import mqttsn.daemon.config.Range;

/**
 * The section {@code nodes.serial}: a radio coordinator on a serial line, 8 data bits, no parity,
 * one stop bit.
 *
 * @param port the device, such as {@code /dev/ttyUSB0}
 * @param baud bits a second
 * @param nodeIdOctets length of the node id that each frame begins with; 0 if frames are messages
 */
public record Serial(
    String port,
    @Default("115200") @Range(min = 300, max = 4_000_000) int baud,
    @Default("0") @Range(min = 0, max = 32) int nodeIdOctets) {}
