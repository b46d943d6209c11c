package io.gaol.goplugin;

import io.gaol.goplugin.proto.ConnInfo;
import io.gaol.goplugin.proto.GRPCBrokerGrpc;
import io.grpc.stub.StreamObserver;

/** The stream over which host and plugin tell each other of further connections. */
final class BrokerService extends GRPCBrokerGrpc.GRPCBrokerImplBase {
  private final Broker broker;

  BrokerService(Broker broker) {
    this.broker = broker;
  }

  @Override
  public StreamObserver<ConnInfo> startStream(StreamObserver<ConnInfo> responses) {
    StreamObserver<ConnInfo> receiver = broker.receiver(responses, () -> end(responses));
    broker.connect(responses);
    return receiver;
  }

  private static void end(StreamObserver<ConnInfo> responses) {
    try {
      responses.onCompleted();
    } catch (RuntimeException cancelled) {
      // The host is gone already.
    }
  }
}
