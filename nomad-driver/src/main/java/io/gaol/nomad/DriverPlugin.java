package io.gaol.nomad;

import io.grpc.BindableService;
import java.util.List;

/** A Nomad plugin of a {@link TaskDriver}. */
public final class DriverPlugin {
  private DriverPlugin() {}

  /**
   * The services of gRPC that a Nomad agent asks a driver by: {@code BasePlugin} and {@code
   * Driver}. Each call is answered on a virtual thread of its own, whatever the server's threads
   * are.
   *
   * @throws IllegalArgumentException if an agent cannot take the driver's schemas: some of what can
   *     be said in one stops an agent
   */
  public static List<BindableService> services(TaskDriver driver) {
    return services(driver, PersistentStream.USUAL);
  }

  /** As {@link #services(TaskDriver)}; tests do not wait as long. */
  static List<BindableService> services(TaskDriver driver, PersistentStream persistence) {
    BaseService base = new BaseService(driver);
    return List.of(base, new DriverService(driver, base::node, persistence));
  }
}
