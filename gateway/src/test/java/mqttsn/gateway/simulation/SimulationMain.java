package mqttsn.gateway.simulation;

/**
 * Lives one world after another, from a first seed on, for {@code -Dsimulation.minutes=N} of real
 * time; or only the one with {@code -Dsimulation.seed=N}, with its transcript if it fails.
 */
final class SimulationMain {

  private SimulationMain() {}

  public static void main(String[] arguments) {
    long hours = Long.getLong("simulation.hours", 2);
    Long only = Long.getLong("simulation.seed");
    if (only != null) {
      new World(only).live(hours * Timeline.HOUR);
      return;
    }
    long first = Long.getLong("simulation.first", System.nanoTime());
    long end = System.nanoTime() + Long.getLong("simulation.minutes", 1) * Timeline.MINUTE;
    long seed = first;
    long events = 0;
    int failures = 0;
    while (System.nanoTime() < end) {
      World world = new World(seed);
      try {
        world.live(hours * Timeline.HOUR);
      } catch (AssertionError failure) {
        failures++;
        System.out.println("seed " + seed + ": " + failure.getCause());
      }
      seed++;
      events += world.events();
    }
    System.out.printf(
        "%d worlds from seed %d, %d h of chaos each, %d events, %d failures%n",
        seed - first, first, hours, events, failures);
    System.exit(failures == 0 ? 0 : 1);
  }
}
