package mqttsn.daemon.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InheritedSocketTest {
  @Test
  void countsDescriptorsFromThree() {
    Map<String, String> environment =
        Map.of("LISTEN_PID", "42", "LISTEN_FDS", "3", "LISTEN_FDNAMES", "sensors:groups");

    assertThat(InheritedSocket.take(environment, 42))
        .containsExactly(
            new InheritedSocket(3, "sensors"),
            new InheritedSocket(4, "groups"),
            new InheritedSocket(5, ""));
  }

  @Test
  void leavesTheSocketsOfAnotherProcessAlone() {
    assertThat(InheritedSocket.take(Map.of("LISTEN_PID", "41", "LISTEN_FDS", "1"), 42)).isEmpty();
    assertThat(InheritedSocket.take(Map.of("LISTEN_FDS", "1"), 42)).isEmpty();
    assertThat(InheritedSocket.take(Map.of(), 42)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "x", "99999999999"})
  void takesNothingForANumberThatIsNone(String count) {
    assertThat(InheritedSocket.take(Map.of("LISTEN_PID", "42", "LISTEN_FDS", count), 42)).isEmpty();
  }

  @Test
  void knowsASocketInBlockingMode() {
    assertThat(InheritedSocket.isBlocking("pos:\t0\nflags:\t02\nmnt_id:\t10\n")).isTrue();
    assertThat(InheritedSocket.isBlocking("pos:\t0\nflags:\t02004002\nmnt_id:\t10\n")).isFalse();
  }
}
