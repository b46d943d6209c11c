package io.gaol.goplugin;

import io.gaol.goplugin.proto.Empty;
import io.gaol.goplugin.proto.GRPCControllerGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** Ends the plugin when its host asks for it. */
final class ControllerService extends GRPCControllerGrpc.GRPCControllerImplBase {
  private final Runnable beforeReply;
  private final Runnable afterReply;

  /**
   * A controller.
   *
   * @param beforeReply what is to be done while the host still waits; bounded by its maker
   * @param afterReply ends the plugin
   */
  ControllerService(Runnable beforeReply, Runnable afterReply) {
    this.beforeReply = beforeReply;
    this.afterReply = afterReply;
  }

  @Override
  public void shutdown(Empty request, StreamObserver<Empty> responses) {
    beforeReply.run();
    ServerCallStreamObserver<Empty> call = (ServerCallStreamObserver<Empty>) responses;
    call.setOnCloseHandler(afterReply);
    call.setOnCancelHandler(afterReply);
    responses.onNext(Empty.getDefaultInstance());
    responses.onCompleted();
  }
}
