package mqttsn.forwarder.serial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import mqttsn.codec.Octets;
import org.junit.jupiter.api.Test;

class SlipTest {

  private static final int MAX_OCTETS = 64;

  private final List<Octets> frames = new ArrayList<>();
  private int broken;
  private final SlipReader reader = new SlipReader(MAX_OCTETS, frames::add, () -> broken++);

  @Test
  void putsEndAroundAFrame() {
    assertThat(Octets.of(Slip.encode(Octets.hex("0216")))).hasToString("C00216C0");
  }

  @Test
  void escapesEndAndEscape() {
    assertThat(Octets.of(Slip.encode(Octets.hex("C0DBDCDD")))).hasToString("C0DBDCDBDDDCDDC0");
  }

  @Test
  void readsBackWhateverItWrites() {
    Random random = new Random(1055);
    List<Octets> written = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      byte[] octets = new byte[1 + random.nextInt(MAX_OCTETS)];
      random.nextBytes(octets);
      octets[0] = (byte) (random.nextBoolean() ? Slip.END : Slip.ESC);
      Octets frame = Octets.of(octets);
      written.add(frame);
      byte[] line = Slip.encode(frame);
      reader.read(line, line.length);
    }
    assertThat(frames).isEqualTo(written);
    assertThat(broken).isZero();
  }

  @Test
  void readsAFrameOctetByOctet() {
    for (String octet : "C0 02 16 C0".split(" ", -1)) {
      read(octet);
    }
    assertThat(frames).containsExactly(Octets.hex("0216"));
  }

  @Test
  void readsFramesWithOneEndBetweenThem() {
    read("0216C00217C0");
    assertThat(frames).containsExactly(Octets.hex("0216"), Octets.hex("0217"));
  }

  @Test
  void endsNoiseAtTheNextEnd() {
    read("A5 5A 00 C0 02 16 C0");
    assertThat(frames).containsExactly(Octets.hex("A55A00"), Octets.hex("0216"));
  }

  @Test
  void dropsAFrameWithAnEscapeThatStandsForNothing() {
    read("02 DB 16 C0 02 17 C0");
    assertThat(frames).containsExactly(Octets.hex("0217"));
    assertThat(broken).isEqualTo(1);
  }

  @Test
  void dropsAFrameThatEndsInAnEscape() {
    read("02 DB C0 02 17 C0");
    assertThat(frames).containsExactly(Octets.hex("0217"));
    assertThat(broken).isEqualTo(1);
  }

  @Test
  void dropsAFrameThatIsTooLong() {
    read("00".repeat(MAX_OCTETS) + "C0" + "00".repeat(MAX_OCTETS + 1) + "C0 02 17 C0");
    assertThat(frames).containsExactly(Octets.of(new byte[MAX_OCTETS]), Octets.hex("0217"));
    assertThat(broken).isEqualTo(1);
  }

  private void read(String hex) {
    byte[] octets = HexFormat.of().parseHex(hex.replace(" ", ""));
    reader.read(octets, octets.length);
  }
}
