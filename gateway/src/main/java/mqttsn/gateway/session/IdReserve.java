package mqttsn.gateway.session;

/**
 * How many ids a session may give out before its record is written again. Another process leaves so
 * many out behind the last one of the record, so that it gives none a second time.
 */
final class IdReserve {

  private final int size;
  private int left;

  IdReserve(int size) {
    this.size = size;
    this.left = size;
  }

  /**
   * Goes on behind the ids that an earlier process may have given: none of those that follow is
   * reserved yet.
   *
   * @param recorded the last id of its record
   */
  int behind(int recorded) {
    left = 0;
    return recorded + size;
  }

  /** An id is given; whether the record has to be written before anybody hears of it. */
  boolean take() {
    boolean isUsedUp = left == 0;
    left = isUsedUp ? size - 1 : left - 1;
    return isUsedUp;
  }
}
