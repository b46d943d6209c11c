package io.gaol.goplugin;

import io.gaol.goplugin.proto.health.HealthCheckRequest;
import io.gaol.goplugin.proto.health.HealthCheckResponse;
import io.gaol.goplugin.proto.health.HealthCheckResponse.ServingStatus;
import io.gaol.goplugin.proto.health.HealthGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/**
 * Tells hosts that ask that the plugin serves: as a whole, and by the name that go-plugin asks for.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/health-checking.md">GRPC Health
 *     Checking Protocol</a>
 */
final class HealthService extends HealthGrpc.HealthImplBase {
  private static final String WHOLE_SERVER = "";
  private static final String PLUGIN = "plugin";

  @Override
  public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> responses) {
    if (!isKnown(request.getService())) {
      responses.onError(
          Status.NOT_FOUND
              .withDescription("unknown service: " + request.getService())
              .asRuntimeException());
      return;
    }
    responses.onNext(response(ServingStatus.SERVING));
    responses.onCompleted();
  }

  /** The status, and no end: it does not change while the process lives. */
  @Override
  public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> responses) {
    responses.onNext(
        response(
            isKnown(request.getService()) ? ServingStatus.SERVING : ServingStatus.SERVICE_UNKNOWN));
  }

  private static boolean isKnown(String service) {
    return service.equals(PLUGIN) || service.equals(WHOLE_SERVER);
  }

  private static HealthCheckResponse response(ServingStatus status) {
    return HealthCheckResponse.newBuilder().setStatus(status).build();
  }
}
