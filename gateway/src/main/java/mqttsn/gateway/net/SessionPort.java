package mqttsn.gateway.net;

import mqttsn.gateway.session.SessionRecord;

/** Where sessions are written down; called in the event loop, which it never blocks. */
public interface SessionPort {

  /** Nothing is written down: sessions end with the process. */
  SessionPort NOWHERE =
      new SessionPort() {
        @Override
        public boolean keeps() {
          return false;
        }

        @Override
        public void save(SessionRecord session) {}

        @Override
        public void erase(String clientId) {}

        @Override
        public void afterSync(Runnable then) {
          then.run();
        }
      };

  /** Whether anything is written down at all. */
  boolean keeps();

  void save(SessionRecord session);

  void erase(String clientId);

  /** Calls back in the event loop when everything given before is on the disk. */
  void afterSync(Runnable then);
}
