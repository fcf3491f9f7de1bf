package mqttsn.daemon.process;

/** The exit codes of our programs. */
public final class ExitCode {
  public static final int OK = 0;

  /** A socket that cannot be bound, or another fault that ends the process. */
  public static final int FAULT = 1;

  /** Bad usage or configuration: trying again without a change is of no use. */
  public static final int USAGE = 2;

  private ExitCode() {}
}
