package io.gaol.goplugin;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Base64;

/**
 * A key of our own and a certificate that only vouches for itself: whoever was given it knows us by
 * it. The JDK reads certificates and makes none, so its few bytes are written here.
 *
 * @param key the private key
 * @param certificate for {@link #HOST}, good for both sides of a connection
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.1">RFC 5280, section 4.1</a>
 */
record SelfSignedCertificate(PrivateKey key, X509Certificate certificate) {
  /** The name of both sides: they are on one host. */
  static final String HOST = "localhost";

  /** Clocks may differ a little, and the process may live long. */
  private static final Duration BEFORE = Duration.ofMinutes(5);

  private static final Duration AFTER = Duration.ofDays(30 * 365);

  private static final byte[] ECDSA_WITH_SHA256 = objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2);
  private static final byte[] COMMON_NAME = objectId(0x55, 4, 3);
  private static final byte[] KEY_USAGE = objectId(0x55, 0x1d, 15);
  private static final byte[] SUBJECT_ALTERNATIVE_NAME = objectId(0x55, 0x1d, 17);
  private static final byte[] BASIC_CONSTRAINTS = objectId(0x55, 0x1d, 19);
  private static final byte[] EXTENDED_KEY_USAGE = objectId(0x55, 0x1d, 37);
  private static final byte[] SERVER_AUTHENTICATION = objectId(0x2b, 6, 1, 5, 5, 7, 3, 1);
  private static final byte[] CLIENT_AUTHENTICATION = objectId(0x2b, 6, 1, 5, 5, 7, 3, 2);
  private static final byte[] TRUE = der(0x01, new byte[] {(byte) 0xff});

  /**
   * Makes a new key and its certificate.
   *
   * @throws GeneralSecurityException if this Java has no elliptic curves
   */
  static SelfSignedCertificate make() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    byte[] body = body(pair.getPublic().getEncoded());
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate());
    signature.update(body);
    byte[] encoded =
        sequence(body, sequence(ECDSA_WITH_SHA256), der(0x03, bits(0, signature.sign())));
    return new SelfSignedCertificate(pair.getPrivate(), read(encoded));
  }

  /** The certificate as the handshake has it: DER in Base64 without padding. */
  String handshakeText() throws GeneralSecurityException {
    return Base64.getEncoder().withoutPadding().encodeToString(certificate.getEncoded());
  }

  /** The certificate as a host puts it into PLUGIN_CLIENT_CERT. */
  String pem() throws GeneralSecurityException {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  private static X509Certificate read(byte[] encoded) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }

  private static byte[] body(byte[] publicKey) {
    Instant now = Instant.now();
    byte[] name =
        sequence(
            der(0x31, sequence(COMMON_NAME, der(0x0c, HOST.getBytes(StandardCharsets.US_ASCII)))));
    return sequence(
        der(0xa0, der(0x02, new byte[] {2})), // version 3
        der(0x02, new BigInteger(127, new SecureRandom()).add(BigInteger.ONE).toByteArray()),
        sequence(ECDSA_WITH_SHA256),
        name,
        sequence(time(now.minus(BEFORE)), time(now.plus(AFTER))),
        name,
        publicKey,
        der(0xa3, extensions()));
  }

  private static byte[] extensions() {
    // digitalSignature, keyEncipherment, keyAgreement, keyCertSign: bits 0, 2, 4 and 5.
    byte[] usage = der(0x03, bits(2, new byte[] {(byte) 0b10101100}));
    byte[] host = der(0x82, HOST.getBytes(StandardCharsets.US_ASCII));
    return sequence(
        sequence(BASIC_CONSTRAINTS, TRUE, der(0x04, sequence(TRUE))),
        sequence(KEY_USAGE, TRUE, der(0x04, usage)),
        sequence(
            EXTENDED_KEY_USAGE, der(0x04, sequence(SERVER_AUTHENTICATION, CLIENT_AUTHENTICATION))),
        sequence(SUBJECT_ALTERNATIVE_NAME, der(0x04, sequence(host))));
  }

  /** RFC 5280, section 4.1.2.5: two digits of the year until 2049, four from 2050. */
  private static byte[] time(Instant instant) {
    ZonedDateTime time = instant.atZone(ZoneOffset.UTC);
    boolean isShort = time.getYear() < 2050;
    String text =
        (isShort
                ? digits(time.getYear() % 100)
                : digits(time.getYear() / 100) + digits(time.getYear() % 100))
            + digits(time.getMonthValue())
            + digits(time.getDayOfMonth())
            + digits(time.getHour())
            + digits(time.getMinute())
            + digits(time.getSecond())
            + "Z";
    return der(isShort ? 0x17 : 0x18, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String digits(int twoDigits) {
    return twoDigits < 10 ? "0" + twoDigits : Integer.toString(twoDigits);
  }

  private static byte[] objectId(int... bytes) {
    byte[] content = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      content[i] = (byte) bytes[i];
    }
    return der(0x06, content);
  }

  private static byte[] bits(int unused, byte[] bytes) {
    byte[] all = new byte[bytes.length + 1];
    all[0] = (byte) unused;
    System.arraycopy(bytes, 0, all, 1, bytes.length);
    return all;
  }

  private static byte[] sequence(byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    return der(0x30, content.toByteArray());
  }

  /** X.690, section 8.1: a tag, the length, the content. */
  private static byte[] der(int tag, byte[] content) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(tag);
    if (content.length < 0x80) {
      all.write(content.length);
    } else if (content.length < 0x100) {
      all.write(0x81);
      all.write(content.length);
    } else {
      all.write(0x82);
      all.write(content.length >> 8);
      all.write(content.length);
    }
    all.writeBytes(content);
    return all.toByteArray();
  }
}
