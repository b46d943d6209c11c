package io.gaol.hcl.function;

import static io.gaol.hcl.function.Parameter.number;
import static io.gaol.hcl.function.Parameter.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.gaol.hcl.Function;
import io.gaol.hcl.FunctionException;
import io.gaol.hcl.Types;
import io.gaol.hcl.Value;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import org.mindrot.jbcrypt.BCrypt;

/** Hashes, passwords, keys and identifiers. */
final class CryptoFunctions {
  private static final int USUAL_COST = 10;
  private static final int LEAST_COST = 4;

  /** Each step doubles the time; this one takes seconds. */
  private static final int GREATEST_COST = 16;

  private static final int LONGEST_PASSWORD = 72;

  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN ([A-Z0-9 ]+)-----\\s*\\n((?:[A-Za-z-]+: [^\\n]*\\n)*)"
              + "([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  /** The algorithm identifier of RSA (RFC 8017, A.1), as PKCS #8 wants it before a key. */
  private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

  private CryptoFunctions() {}

  static void define(Map<String, Function> table, Supplier<SecureRandom> random) {
    hash(table, "md5", "MD5");
    hash(table, "sha1", "SHA-1");
    hash(table, "sha256", "SHA-256");
    hash(table, "sha512", "SHA-512");
    Define.variadic(
        table,
        "bcrypt",
        "The bcrypt hash of a password; the cost, 10 if it is not given, is at most 16.",
        Types.STRING,
        List.of(text("str")),
        number("cost"),
        arguments -> bcrypt(arguments, random.get()));
    Define.function(
        table,
        "rsadecrypt",
        "The text that is encrypted by RSA (PKCS #1 v1.5), in Base64, with a private key in PEM.",
        Types.STRING,
        List.of(text("ciphertext"), text("privatekey")),
        CryptoFunctions::rsaDecrypt);
    Define.function(
        table,
        "uuidv4",
        "A random UUID, another one for every call.",
        Types.STRING,
        List.of(),
        _ -> Value.of(randomUuid(random.get()).toString()));
    Define.function(
        table,
        "uuidv5",
        "The UUID of a name in a namespace: dns, url, oid, x500 or a UUID.",
        Types.STRING,
        List.of(text("namespace"), text("name")),
        arguments -> Value.of(named(arguments.text(0), arguments.text(1)).toString()));
  }

  private static void hash(Map<String, Function> table, String name, String algorithm) {
    Define.textToText(
        table,
        name,
        "The %s hash of a text, in hexadecimal digits.".formatted(algorithm),
        text -> HexFormat.of().formatHex(digest(algorithm, text.getBytes(UTF_8))));
  }

  private static byte[] digest(String algorithm, byte[] bytes) throws FunctionException {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new FunctionException("%s is not available here".formatted(algorithm));
    }
  }

  private static Value bcrypt(Arguments arguments, SecureRandom random) throws FunctionException {
    if (arguments.size() > 2) {
      throw new FunctionException("it takes a text and a cost, and nothing more");
    }
    long cost = arguments.size() > 1 ? arguments.whole(1) : USUAL_COST;
    if (cost < LEAST_COST) {
      cost = USUAL_COST;
    }
    if (cost > GREATEST_COST) {
      throw new FunctionException(
          1,
          "the cost is at most %d, not %d: each step doubles the time"
              .formatted(GREATEST_COST, cost));
    }
    if (arguments.text(0).getBytes(UTF_8).length > LONGEST_PASSWORD) {
      throw new FunctionException(
          0, "the text is longer than %d bytes".formatted(LONGEST_PASSWORD));
    }
    return Value.of(BCrypt.hashpw(arguments.text(0), BCrypt.gensalt((int) cost, random)));
  }

  private static Value rsaDecrypt(Arguments arguments) throws FunctionException {
    byte[] encrypted;
    try {
      encrypted = Base64.getDecoder().decode(arguments.text(0).replace("\n", ""));
    } catch (IllegalArgumentException _) {
      throw new FunctionException(0, "the encrypted text is not Base64");
    }
    Matcher pem = PEM.matcher(arguments.text(1));
    if (!pem.find()) {
      throw new FunctionException(1, "there is no key in PEM");
    }
    if (pem.group(2).contains("ENCRYPTED")) {
      throw new FunctionException(1, "the key has a password; give it without one");
    }
    try {
      byte[] key = Base64.getMimeDecoder().decode(pem.group(3));
      PrivateKey rsa =
          KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(wrapped(key)));
      Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
      cipher.init(Cipher.DECRYPT_MODE, rsa);
      return Value.of(EncodingFunctions.utf8(0, cipher.doFinal(encrypted)));
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      throw new FunctionException("this key (RSA, PKCS #1) does not decrypt this text");
    }
  }

  /** A key of PKCS #1 as one of PKCS #8. */
  private static byte[] wrapped(byte[] key) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(RSA);
    content.write(0x04);
    content.writeBytes(length(key.length));
    content.writeBytes(key);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(0x30);
    whole.writeBytes(length(content.size()));
    whole.writeBytes(content.toByteArray());
    return whole.toByteArray();
  }

  /** In four bytes, however little it is. */
  private static byte[] length(int length) {
    return ByteBuffer.allocate(5).put((byte) 0x84).putInt(length).array();
  }

  private static UUID randomUuid(SecureRandom random) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return uuid(ByteBuffer.wrap(bytes), 4);
  }

  /** RFC 9562, section 5.5. */
  private static UUID named(String namespace, String name) throws FunctionException {
    UUID space =
        switch (namespace) {
          case "dns" -> UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
          case "url" -> UUID.fromString("6ba7b811-9dad-11d1-80b4-00c04fd430c8");
          case "oid" -> UUID.fromString("6ba7b812-9dad-11d1-80b4-00c04fd430c8");
          case "x500" -> UUID.fromString("6ba7b814-9dad-11d1-80b4-00c04fd430c8");
          default -> parsed(namespace);
        };
    byte[] text = name.getBytes(UTF_8);
    byte[] both =
        ByteBuffer.allocate(16 + text.length)
            .putLong(space.getMostSignificantBits())
            .putLong(space.getLeastSignificantBits())
            .put(text)
            .array();
    return uuid(ByteBuffer.wrap(digest("SHA-1", both)), 5);
  }

  private static UUID parsed(String namespace) throws FunctionException {
    String digits =
        namespace.replaceFirst("^(?:urn:uuid:|\\{)", "").replaceFirst("}$", "").replace("-", "");
    if (!digits.matches("[0-9A-Fa-f]{32}")) {
      throw new FunctionException(
          0,
          "\"%s\" is no namespace: it is dns, url, oid, x500 or a UUID"
              .formatted(Texts.shortened(namespace)));
    }
    return new UUID(
        Long.parseUnsignedLong(digits.substring(0, 16), 16),
        Long.parseUnsignedLong(digits.substring(16), 16));
  }

  private static UUID uuid(ByteBuffer bytes, int version) {
    long most = (bytes.getLong() & ~0xF000L) | ((long) version << 12);
    long least = (bytes.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | Long.MIN_VALUE;
    return new UUID(most, least);
  }
}
