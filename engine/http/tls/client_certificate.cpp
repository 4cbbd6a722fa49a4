#include "engine/http/tls/client_certificate.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <memory>
#include <tuple>

#include "engine/http/tls/certificate_name.hpp"
#include "engine/io/standing.hpp"

namespace leat::http {

namespace {

struct OpensslDeleter {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(PKCS12* bundle) const noexcept { PKCS12_free(bundle); }
};
template <class T>
using Owned = std::unique_ptr<T, OpensslDeleter>;

Error refused(std::string_view name, const std::string& why) {
  return Error(Errc::bad_input, "\"" + std::string(name) + "\": " + why);
}

// Gives what OpenSSL found first, because further errors only say who asked. Nothing is left in its queue for
// others.
std::string first_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  std::string text = reason != nullptr ? reason : "it can't be read";
  ERR_clear_error();
  return text;
}

/// Takes the place of OpenSSL's own prompt.
struct PassPhrase {
  const std::string& text;
  bool was_wanted = false;

  static int give(char* buffer, int size, int, void* self) {
    auto& phrase = *static_cast<PassPhrase*>(self);
    phrase.was_wanted = true;
    const auto length = static_cast<int>(phrase.text.size());
    if (length == 0 || length > size) return -1;
    std::memcpy(buffer, phrase.text.data(), phrase.text.size());
    return length;
  }
};

/// The names of what is loaded: the option and the file for the certificate, and the option and the file for
/// the key.
struct Names {
  explicit Names(const WireOptions& options) {
    std::tie(certificate, phrase) = split_certificate(options.cert);
    if (!options.key_password.empty()) phrase = options.key_password;
    key = options.key.empty() ? certificate : options.key;
    key_option = options.key.empty() ? "cert" : "key";
  }
  [[nodiscard]] bool has_certificate() const {
    return !is_token(certificate) && io::can_be_read_again(certificate);
  }
  [[nodiscard]] bool has_key() const { return !is_token(key) && io::can_be_read_again(key); }

  std::string certificate;
  std::string key;
  std::string phrase;
  std::string_view key_option;
};

template <class T, class Read>
Owned<T> read_der(const std::string& file, Read read) {
  const Owned<BIO> bio(BIO_new_file(file.c_str(), "rb"));
  Owned<T> read_one(bio ? read(bio.get(), nullptr) : nullptr);
  ERR_clear_error();
  return read_one;
}

Error no_certificate(const std::string& file) {
  const bool holds_none = ERR_GET_REASON(ERR_peek_error()) == PEM_R_NO_START_LINE;
  const std::string why = first_reason();
  if (read_der<PKCS12>(file, d2i_PKCS12_bio)) {
    return refused("cert",
                   file + ": is PKCS #12; takes PEM, which openssl pkcs12 -in FILE -out NEW makes of it");
  }
  if (read_der<X509>(file, d2i_X509_bio)) {
    return refused("cert", file + ": is DER; takes PEM, which openssl x509 -in FILE -out NEW makes of it");
  }
  if (holds_none) return refused("cert", file + ": holds no certificate in PEM");
  return refused("cert", file + ": holds no certificate that can be used: " + why);
}

Error no_key(const Names& names, bool wants_phrase) {
  const std::string why = first_reason();
  if (wants_phrase && names.phrase.empty()) {
    return refused(
        names.key_option,
        names.key +
            ": the key is locked by a pass phrase that is not given; give it by \"pass\", or start "
            "where there is a terminal to ask on");
  }
  if (wants_phrase)
    return refused("pass", "the pass phrase (not shown) does not open the key in " + names.key);
  if (names.key_option == "cert") {
    return refused("cert",
                   names.key + ": holds no key in PEM that can be used; name the file of its key by \"key\"");
  }
  return refused("key", names.key + ": holds no key in PEM that can be used (" + why + ")");
}

Error not_its_key(const Names& names) {
  ERR_clear_error();
  if (names.key_option == "cert")
    return refused("cert", names.key + ": its key is that of another certificate");
  return refused("key", names.key + ": is not the key of the certificate in " + names.certificate);
}

// A digest is 32 bytes in Base64.
bool is_digest(std::string_view text) {
  constexpr std::size_t kDigits = 43;
  return text.size() == kDigits + 1 && text.back() == '=' &&
         std::all_of(text.begin(), text.end() - 1,
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '/'; });
}

}  // namespace

Status check_client_certificate(const WireOptions& options) {
  if (options.cert.empty()) return std::nullopt;
  const Names names(options);
  PassPhrase phrase{names.phrase};
  ERR_clear_error();
  const Owned<SSL_CTX> context(SSL_CTX_new(TLS_client_method()));
  if (!context) return refused("cert", first_reason());
  SSL_CTX_set_default_passwd_cb(context.get(), &PassPhrase::give);
  SSL_CTX_set_default_passwd_cb_userdata(context.get(), &phrase);
  const bool loads_certificate = names.has_certificate();
  if (loads_certificate &&
      SSL_CTX_use_certificate_chain_file(context.get(), names.certificate.c_str()) != 1) {
    return no_certificate(names.certificate);
  }
  if (!names.has_key()) return std::nullopt;
  if (SSL_CTX_use_PrivateKey_file(context.get(), names.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    const auto reason = ERR_GET_REASON(ERR_peek_last_error());
    if (reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH) return not_its_key(names);
    return no_key(names, phrase.was_wanted);
  }
  if (loads_certificate && SSL_CTX_check_private_key(context.get()) != 1) return not_its_key(names);
  return std::nullopt;
}

std::string locked_key(const WireOptions& options) {
  if (options.cert.empty()) return {};
  const Names names(options);
  if (!names.phrase.empty() || !names.has_key()) return {};
  PassPhrase phrase{names.phrase};
  const Owned<BIO> bio(BIO_new_file(names.key.c_str(), "rb"));
  if (!bio) return {};
  const Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &PassPhrase::give, &phrase));
  ERR_clear_error();
  return phrase.was_wanted ? names.key : std::string();
}

Status check_pinned_key(const std::string& pin) {
  constexpr std::string_view kDigest = "sha256//";
  if (!pin.starts_with(kDigest)) {
    if (!io::can_be_read_again(pin) || read_der<EVP_PKEY>(pin, d2i_PUBKEY_bio)) return std::nullopt;
    const Owned<BIO> bio(BIO_new_file(pin.c_str(), "rb"));
    const Owned<EVP_PKEY> key(bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr);
    ERR_clear_error();
    if (key) return std::nullopt;
    return refused("pinnedpubkey", pin + ": holds no public key in PEM or DER");
  }
  for (std::string_view rest = pin; !rest.empty();) {
    const std::string_view one = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    if (one.starts_with(kDigest) && is_digest(one.substr(kDigest.size()))) continue;
    return refused("pinnedpubkey",
                   std::string(one) + ": is no digest; takes sha256// and 32 bytes in Base64");
  }
  return std::nullopt;
}

}  // namespace leat::http
