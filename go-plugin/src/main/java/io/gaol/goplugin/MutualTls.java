package io.gaol.goplugin;

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * TLS in which both sides prove who they are, with certificates that they gave each other before:
 * the host in the plugin's environment, the plugin in its handshake.
 *
 * @param own who we are
 * @param other whom alone we trust
 */
record MutualTls(SelfSignedCertificate own, X509Certificate other) {

  /**
   * Trusts the host whose certificate is this.
   *
   * @param pem of PLUGIN_CLIENT_CERT
   * @throws GeneralSecurityException if that is no certificate
   */
  static MutualTls withHost(String pem) throws GeneralSecurityException {
    return new MutualTls(
        SelfSignedCertificate.make(), certificate(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  /**
   * Trusts the plugin whose certificate is this.
   *
   * @param own what the host gave to the plugin
   * @param handshakeText the handshake's sixth field
   * @throws GeneralSecurityException if that is no certificate
   */
  static MutualTls withPlugin(SelfSignedCertificate own, String handshakeText)
      throws GeneralSecurityException {
    return new MutualTls(own, certificate(Base64.getDecoder().decode(handshakeText)));
  }

  private static X509Certificate certificate(byte[] encoded) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }

  /** Who connects must have the other's certificate. */
  ServerCredentials serverCredentials() {
    return TlsServerCredentials.newBuilder()
        .keyManager(new OwnKey())
        .trustManager(trusted())
        .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
        .build();
  }

  /** Who answers must have the other's certificate. */
  ChannelCredentials channelCredentials() {
    return TlsChannelCredentials.newBuilder()
        .keyManager(new OwnKey())
        .trustManager(trusted())
        .build();
  }

  private TrustManager[] trusted() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("other", other);
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException | IOException impossible) {
      throw new IllegalStateException("this Java cannot keep a certificate", impossible);
    }
  }

  /** The one key there is. A key store would encrypt it for nothing, and take its time. */
  private final class OwnKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "own";

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return aliases(keyType);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return aliases(keyType);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
      return Arrays.asList(keyTypes).contains(own.key().getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
      return isOwn(keyType) ? ALIAS : null;
    }

    @Override
    public String chooseEngineClientAlias(
        String[] keyTypes, Principal[] issuers, SSLEngine engine) {
      return chooseClientAlias(keyTypes, issuers, null);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
      return chooseServerAlias(keyType, issuers, null);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {own.certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return own.key();
    }

    private String[] aliases(String keyType) {
      return isOwn(keyType) ? new String[] {ALIAS} : null;
    }

    private boolean isOwn(String keyType) {
      return own.key().getAlgorithm().equals(keyType);
    }
  }
}
