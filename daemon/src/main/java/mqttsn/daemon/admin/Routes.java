package mqttsn.daemon.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which resource answers at which exact path, and which of them want the token if there is one. */
public final class Routes {
  record Route(Resource resource, boolean guarded) {}

  private final Map<String, Route> routes = new LinkedHashMap<>();

  /** Answers everybody: health, and pages that hold no data of their own. */
  public Routes open(String path, Resource resource) {
    routes.put(path, new Route(resource, false));
    return this;
  }

  /** Answers who brings the token, where the server has one. */
  public Routes guarded(String path, Resource resource) {
    routes.put(path, new Route(resource, true));
    return this;
  }

  @Nullable Route at(String path) {
    return routes.get(path);
  }

  Routes copy() {
    Routes copy = new Routes();
    copy.routes.putAll(routes);
    return copy;
  }
}
