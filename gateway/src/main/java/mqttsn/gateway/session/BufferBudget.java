package mqttsn.gateway.session;

/** The octets that all buffers together may hold. */
final class BufferBudget {

  private long limitBytes;
  private long usedBytes;
  private long messages;

  BufferBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Takes the octets of one message, unless that would pass the limit. */
  boolean take(long bytes) {
    if (usedBytes + bytes > limitBytes) {
      return false;
    }
    usedBytes += bytes;
    messages++;
    return true;
  }

  /** Takes the octets of a message that was here before, whatever the limit. */
  void takeBack(long bytes) {
    usedBytes += bytes;
    messages++;
  }

  void giveBack(long bytes) {
    usedBytes -= bytes;
    messages--;
  }

  void limit(long bytes) {
    limitBytes = bytes;
  }

  long usedBytes() {
    return usedBytes;
  }

  long messages() {
    return messages;
  }
}
