package io.gaol.goplugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session, and on its other side the bytes of the protocol. */
class YamuxSessionTest {
  private static final long LIMIT_SECONDS = 60;
  private static final int WINDOW = 256 * 1024;
  private static final int DATA = 0;
  private static final int WINDOW_UPDATE = 1;
  private static final int PING = 2;
  private static final int GO_AWAY = 3;
  private static final int SYN = 1;
  private static final int ACK = 2;
  private static final int FIN = 4;
  private static final int RST = 8;

  @TempDir Path directory;

  private final BlockingQueue<Connection> arrived = new LinkedBlockingQueue<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private UnixConnection here;
  private UnixConnection there;
  private YamuxSession session;
  private DataInputStream input;
  private DataOutputStream output;
  private boolean wantsStreams = true;

  @BeforeEach
  void connect() throws IOException {
    Path socket = directory.resolve("s");
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket));
      there = UnixConnection.to(socket);
      SocketChannel accepted = listener.accept();
      here = new UnixConnection(accepted);
    }
    session =
        YamuxSession.server(
            here,
            new YamuxSession.Owner() {
              @Override
              public boolean arrived(YamuxSession of, Connection stream) {
                return wantsStreams && arrived.add(stream);
              }

              @Override
              public void ended(YamuxSession of) {
                ended.countDown();
              }
            });
    session.start();
    input = new DataInputStream(there.input());
    output = new DataOutputStream(there.output());
  }

  @AfterEach
  void disconnect() throws IOException {
    session.close();
    there.close();
  }

  @Test
  void aPingIsAnsweredWithItsValue() throws Exception {
    send(PING, SYN, 0, 0x12345678);

    assertThat(receive()).isEqualTo(new Frame(PING, ACK, 0, 0x12345678));
  }

  @Test
  void aStreamIsAcceptedAndCarriesBytesBothWays() throws Exception {
    send(DATA, SYN, 1, 5);
    output.write("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    Connection stream = take();
    assertThat(receive()).isEqualTo(new Frame(WINDOW_UPDATE, ACK, 1, 0));
    assertThat(new String(stream.input().readNBytes(5), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("hello");
    stream.output().write(new byte[] {7});
    assertThat(receive()).isEqualTo(new Frame(DATA, 0, 1, 1));
    assertThat(input.read()).isEqualTo(7);
  }

  @Test
  void aStreamThatNobodyWantsIsReset() throws Exception {
    wantsStreams = false;

    send(WINDOW_UPDATE, SYN, 1, 0);

    assertThat(receive()).isEqualTo(new Frame(WINDOW_UPDATE, RST, 1, 0));
  }

  @Test
  void theEndOfTheOthersBytesIsTheEndOfTheInputAfterThem() throws Exception {
    send(DATA, SYN | FIN, 1, 1);
    output.write(9);

    Connection stream = take();
    assertThat(stream.input().read()).isEqualTo(9);
    assertThat(stream.input().read()).isEqualTo(-1);
  }

  @Test
  void aResetStreamFailsForWhoReadsAndWhoWrites() throws Exception {
    send(WINDOW_UPDATE, SYN, 1, 0);
    Connection stream = take();
    send(WINDOW_UPDATE, RST, 1, 0);

    assertThatThrownBy(() -> stream.input().read()).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> stream.output().write(1)).isInstanceOf(IOException.class);
  }

  @Test
  void noMoreIsSentThanTheOtherSideHasRoomFor() throws Exception {
    send(WINDOW_UPDATE, SYN, 1, 0);
    Connection stream = take();
    assertThat(receive()).isEqualTo(new Frame(WINDOW_UPDATE, ACK, 1, 0));
    Thread writer = Thread.ofPlatform().start(() -> write(stream, new byte[WINDOW + 10]));

    int got = 0;
    while (got < WINDOW) {
      got += skipData(receive());
    }
    assertThat(got).isEqualTo(WINDOW);
    // Were there more, it would come before the answer to this.
    send(PING, SYN, 0, 1);
    assertThat(receive().type()).isEqualTo(PING);
    send(WINDOW_UPDATE, 0, 1, 10);
    assertThat(skipData(receive())).isEqualTo(10);
    writer.join();
  }

  @Test
  void roomIsGivenBackAsBytesAreRead() throws Exception {
    send(WINDOW_UPDATE, SYN, 1, 0);
    Connection stream = take();
    receive();
    send(DATA, 0, 1, WINDOW);
    output.write(new byte[WINDOW]);

    assertThat(stream.input().readNBytes(WINDOW)).hasSize(WINDOW);

    int room = 0;
    while (room < WINDOW) {
      Frame update = receive();
      assertThat(update.type()).isEqualTo(WINDOW_UPDATE);
      room += update.length();
    }
    assertThat(room).isEqualTo(WINDOW);
  }

  @Test
  void moreThanTheWindowEndsTheSession() throws Exception {
    send(WINDOW_UPDATE, SYN, 1, 0);
    Connection stream = take();
    send(DATA, 0, 1, WINDOW);
    output.write(new byte[WINDOW]);
    send(DATA, 0, 1, 1);
    output.write(1);

    awaitEnd();
    assertThatThrownBy(() -> stream.output().write(1)).isInstanceOf(IOException.class);
  }

  @Test
  void whatIsNoFrameEndsTheSessionAndTheOtherSideIsTold() throws Exception {
    byte[] garbage = new byte[12];
    Arrays.fill(garbage, (byte) 0x55);
    output.write(garbage);

    awaitEnd();
    assertThat(receive()).isEqualTo(new Frame(GO_AWAY, 0, 0, 1));
    assertThatThrownBy(() -> session.open()).isInstanceOf(IOException.class);
  }

  @Test
  void aNumberThatIsNotTheOthersToGiveEndsTheSession() throws Exception {
    send(WINDOW_UPDATE, SYN, 2, 0);

    awaitEnd();
  }

  @Test
  void aFrameOfAnUnknownTypeEndsTheSession() throws Exception {
    send(9, 0, 0, 0);

    awaitEnd();
  }

  @Test
  void aFrameOfFourGigabytesEndsTheSessionBeforeItTakesMemory() throws Exception {
    send(DATA, SYN, 1, -1);

    awaitEnd();
  }

  @Test
  void streamsThatAreOpenedHaveNumbersOfOurSide() throws Exception {
    Connection first = session.open();
    Connection second = session.open();

    assertThat(receive()).isEqualTo(new Frame(WINDOW_UPDATE, SYN, 2, 0));
    assertThat(receive()).isEqualTo(new Frame(WINDOW_UPDATE, SYN, 4, 0));
    first.close();
    assertThat(receive()).isEqualTo(new Frame(WINDOW_UPDATE, FIN, 2, 0));
    second.close();
  }

  @Test
  void whatComesForAClosedStreamIsPassedOver() throws Exception {
    send(WINDOW_UPDATE, SYN, 1, 0);
    take().close();
    send(DATA, 0, 1, 3);
    output.write(new byte[3]);
    send(PING, SYN, 0, 5);

    Frame frame = receive();
    while (frame.type() != PING) {
      assertThat(frame.type()).isEqualTo(WINDOW_UPDATE);
      frame = receive();
    }
    assertThat(frame.length()).isEqualTo(5);
  }

  @Test
  void afterGoAwayNoStreamIsOpenedAndThoseThatAreGoOn() throws Exception {
    send(WINDOW_UPDATE, SYN, 1, 0);
    Connection stream = take();
    send(GO_AWAY, 0, 0, 0);
    send(DATA, 0, 1, 1);
    output.write(3);

    assertThat(stream.input().read()).isEqualTo(3);
    assertThatThrownBy(() -> session.open()).isInstanceOf(IOException.class);
  }

  @Test
  void aConnectionThatBreaksEndsTheSessionAndItsStreams() throws Exception {
    send(WINDOW_UPDATE, SYN, 1, 0);
    Connection stream = take();

    there.close();

    awaitEnd();
    assertThatThrownBy(() -> stream.input().read()).isInstanceOf(IOException.class);
  }

  private record Frame(int type, int flags, int id, int length) {}

  private void send(int type, int flags, int id, int length) throws IOException {
    java.nio.ByteBuffer header = java.nio.ByteBuffer.allocate(12);
    header.put((byte) 0).put((byte) type).putShort((short) flags).putInt(id).putInt(length);
    output.write(header.array());
  }

  private Frame receive() throws IOException {
    assertThat(input.readByte()).isZero();
    return new Frame(input.readByte(), input.readShort(), input.readInt(), input.readInt());
  }

  private int skipData(Frame frame) throws IOException {
    assertThat(frame.type()).isEqualTo(DATA);
    input.skipNBytes(frame.length());
    return frame.length();
  }

  private Connection take() throws InterruptedException {
    Connection stream = arrived.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    assertThat(stream).isNotNull();
    return stream;
  }

  private void awaitEnd() throws InterruptedException {
    assertThat(ended.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  private static void write(Connection stream, byte[] bytes) {
    try {
      stream.output().write(bytes);
    } catch (IOException closed) {
      throw new java.io.UncheckedIOException(closed);
    }
  }
}
