// TLS over TCP (RFC 7011 11.1): the collector's certificate is checked against its name, ours is shown where there is
// one.
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "stream.h"

namespace ipfix_sinks {
namespace {

constexpr int kHandshakeLimitMs = 5'000;  // for each answer

template <auto Free>
struct Released {
  void operator()(auto* handle) const noexcept { Free(handle); }
};
using ContextHandle = std::unique_ptr<SSL_CTX, Released<SSL_CTX_free>>;
using SessionHandle = std::unique_ptr<SSL, Released<SSL_free>>;

// OpenSSL's own words for its newest error.
std::string reason() {
  const unsigned long error = ERR_peek_last_error();
  const char* const text = error == 0 ? nullptr : ERR_reason_error_string(error);
  ERR_clear_error();
  return text == nullptr ? "no reason is given" : text;
}

void check(bool is_right, const std::string& what) {
  if (!is_right) throw std::runtime_error(what + ": " + reason());
}

ContextHandle context_of(const Certificates& certificates) {
  (void)OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, nullptr);
  ContextHandle context(SSL_CTX_new(TLS_client_method()));
  check(context != nullptr, "TLS cannot be used");
  check(SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) == 1, "TLS 1.2 cannot be used");
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const std::string& authorities = certificates.authorities;
  if (authorities.empty())
    check(SSL_CTX_set_default_verify_paths(context.get()) == 1, "the system's certificates cannot be read");
  else
    check(SSL_CTX_load_verify_locations(context.get(), authorities.c_str(), nullptr) == 1,
          "tls_authorities: " + authorities);
  if (certificates.own.empty() != certificates.key.empty())
    throw std::runtime_error("tls_certificate and tls_key go together; give both or none");
  if (certificates.own.empty()) return context;
  check(SSL_CTX_use_certificate_chain_file(context.get(), certificates.own.c_str()) == 1,
        "tls_certificate: " + certificates.own);
  check(SSL_CTX_use_PrivateKey_file(context.get(), certificates.key.c_str(), SSL_FILETYPE_PEM) == 1,
        "tls_key: " + certificates.key);
  return context;
}

void expect_name(SSL* session, const std::string& host) {
  std::array<unsigned char, 16> address{};
  const bool is_address = ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
                          ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
  if (is_address) {
    check(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str()) == 1, "address " + host);
    return;
  }
  check(SSL_set_tlsext_host_name(session, host.c_str()) == 1, "host " + host);
  check(SSL_set1_host(session, host.c_str()) == 1, "host " + host);
}

// OpenSSL works on memory: what is sent goes through `Stream`, which counts.
class Tls final : public Link {
 public:
  Tls(Socket socket, const std::string& host, const Certificates& certificates)
      : context_(context_of(certificates)), session_(SSL_new(context_.get())), stream_(std::move(socket)) {
    check(session_ != nullptr, "TLS cannot be used");
    SSL_set_bio(session_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    expect_name(session_.get(), host);
    shake_hands();
  }

  void send(std::span<const std::byte> message, Carried carried) override {
    read_answers();
    check(SSL_write(session_.get(), message.data(), static_cast<int>(message.size())) > 0, "TLS cannot send");
    put_out();
    stream_.mark(carried.rows);
  }

  void end(std::chrono::seconds) override {
    read_answers();
    (void)SSL_shutdown(session_.get());
    put_out();
    stream_.end();
  }

  [[nodiscard]] std::size_t largest() const override { return kLongestMessage; }
  [[nodiscard]] std::uint64_t rows_certain() override { return stream_.rows_certain(); }
  [[nodiscard]] std::uint64_t rows_failed() const override { return stream_.rows_failed(); }
  std::uint64_t give_up() override { return stream_.give_up(); }
  // Behind what it says of its own accord.
  [[nodiscard]] std::string loss() override {
    try {
      read_answers();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return stream_.loss();
  }

 private:
  void shake_hands() {
    SSL_set_connect_state(session_.get());
    for (;;) {
      ERR_clear_error();
      const int result = SSL_do_handshake(session_.get());
      const int error = SSL_get_error(session_.get(), result);
      const std::string why = error == SSL_ERROR_SSL ? failure() : "";
      put_out();  // an alert, too
      if (result == 1) return;
      if (error == SSL_ERROR_SSL) throw std::runtime_error("TLS: the collector is not trusted, or refuses: " + why);
      pollfd ready{stream_.descriptor(), POLLIN, 0};
      if (::poll(&ready, 1, kHandshakeLimitMs) <= 0) throw std::runtime_error("TLS: the collector does not answer");
      if (receive(0) <= 0) throw std::runtime_error("TLS: the collector ended the connection");
    }
  }

  [[nodiscard]] std::string failure() const {
    const long verified = SSL_get_verify_result(session_.get());
    return verified == X509_V_OK ? reason() : X509_verify_cert_error_string(verified);
  }

  // What the collector says unasked: session tickets, or why it ends.
  void read_answers() {
    while (receive(MSG_DONTWAIT) > 0) {
    }
    std::array<char, 256> ignored{};
    ERR_clear_error();
    int count = 0;
    while ((count = SSL_read(session_.get(), ignored.data(), ignored.size())) > 0) {
    }
    if (SSL_get_error(session_.get(), count) == SSL_ERROR_SSL)
      throw std::runtime_error("TLS: the collector refuses: " + reason());
  }

  ssize_t receive(int flags) {
    std::array<char, 4096> bytes{};
    const ssize_t count = ::recv(stream_.descriptor(), bytes.data(), bytes.size(), flags);
    if (count > 0) (void)BIO_write(SSL_get_rbio(session_.get()), bytes.data(), static_cast<int>(count));
    return count;
  }

  void put_out() {
    std::array<std::byte, 16'384> bytes{};
    int count = 0;
    while ((count = BIO_read(SSL_get_wbio(session_.get()), bytes.data(), bytes.size())) > 0)
      stream_.write(std::span(bytes).first(static_cast<std::size_t>(count)));
  }

  ContextHandle context_;
  SessionHandle session_;
  Stream stream_;
};

}  // namespace

std::unique_ptr<Link> tls_link(Socket socket, const std::string& host, const Certificates& certificates) {
  return std::make_unique<Tls>(std::move(socket), host, certificates);
}

}  // namespace ipfix_sinks
