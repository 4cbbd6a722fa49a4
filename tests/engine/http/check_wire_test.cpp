// Certificates, keys and trusted certificates, as options name them: a file that can't be used is reported at
// the start.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>
#include <utility>

#include "engine/http/message/wire_options.hpp"
#include "engine/http/tls/client_certificate.hpp"
#include "tests/support/certificates.hpp"

using leat::Errc;
using leat::http::check_wire;
using leat::http::locked_key;
using leat::http::WireOptions;
using leat::tests::Certificates;

namespace {

const Certificates& files() {
  static const Certificates made;
  return made;
}

WireOptions with(std::string cert, std::string key = "", std::string pass = "") {
  WireOptions options;
  options.proxy = "";
  options.cert = std::move(cert);
  options.key = std::move(key);
  options.key_password = std::move(pass);
  return options;
}

WireOptions trusting(std::string file) {
  WireOptions options;
  options.proxy = "";
  options.ca_file = std::move(file);
  return options;
}

WireOptions pinned(std::string pin) {
  WireOptions options;
  options.proxy = "";
  options.pinned_key = std::move(pin);
  return options;
}

// The message; if it is empty, nothing is wrong.
std::string fault(const WireOptions& options) {
  const auto error = check_wire(options);
  if (!error) return "";
  CHECK(error->code == Errc::bad_input);
  return error->message;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("check_wire: a certificate and its key are accepted, from one file or two, locked or not") {
  CHECK(fault(with(files().certificate(), files().key())) == "");
  CHECK(fault(with(files().both())) == "");
  CHECK(fault(with(files().certificate(), files().locked_key(), "open sesame")) == "");
  CHECK(fault(with(files().certificate() + ":open sesame", files().locked_key())) == "");
  CHECK(fault(with(files().both_locked() + ":open sesame")) == "");
  CHECK(fault(with("pkcs11:token=a", "pkcs11:token=b")) == "");
}

TEST_CASE("check_wire: a key of another certificate is refused, with the names of its option and file") {
  for (const auto& key : {files().other_key(), files().rsa_key()}) {
    const std::string text = fault(with(files().certificate(), key));
    CHECK(text.starts_with("\"key\": " + key));
    CHECK(holds(text, "is not the key of the certificate in " + files().certificate()));
  }
  const std::string mixed = files().file("mixed.pem", leat::tests::read_file(files().certificate()) +
                                                          leat::tests::read_file(files().other_key()));
  CHECK(fault(with(mixed)) == "\"cert\": " + mixed + ": its key is that of another certificate");
}

TEST_CASE(
    "check_wire: files without a certificate or key in PEM are refused, and the usual other formats are "
    "named") {
  const std::string empty = files().file("empty.pem", "");
  CHECK(fault(with(empty, files().key())) == "\"cert\": " + empty + ": holds no certificate in PEM");
  CHECK(fault(with("/dev/null")) == "\"cert\": /dev/null: holds no certificate in PEM");
  CHECK(holds(fault(with(files().certificate(), "/dev/null")), "\"key\": /dev/null: holds no key in PEM"));
  CHECK(fault(with(files().key(), files().key())) ==
        "\"cert\": " + files().key() + ": holds no certificate in PEM");
  CHECK(holds(fault(with(files().certificate())), "holds no key in PEM that can be used; name the file"));
  CHECK(holds(fault(with(files().certificate(), empty)), "\"key\": " + empty + ": holds no key in PEM"));
  CHECK(holds(fault(with(files().certificate(), files().certificate())), "\"key\": "));
  CHECK(holds(fault(with(files().pkcs12())), "is PKCS #12; takes PEM"));
  CHECK(holds(fault(with(files().der(), files().key())), "is DER; takes PEM"));
  const std::string cut =
      files().file("cut.pem", leat::tests::read_file(files().certificate()).substr(0, 200));
  CHECK(holds(fault(with(cut, files().key())), "\"cert\": " + cut));
}

TEST_CASE("check_wire: a locked key needs its pass phrase, which is shown in no message") {
  const std::string none = fault(with(files().certificate(), files().locked_key()));
  CHECK(holds(none, "\"key\": " + files().locked_key() + ": the key is locked"));
  const std::string wrong = fault(with(files().certificate(), files().locked_key(), "hunter2"));
  CHECK(holds(wrong, "\"pass\": "));
  CHECK(holds(wrong, files().locked_key()));
  CHECK_FALSE(holds(wrong, "hunter2"));
  CHECK(holds(fault(with(files().both_locked())),
              "\"cert\": " + files().both_locked() + ": the key is locked"));
  CHECK(fault(with(files().certificate(), files().key(), "needless")) == "");
}

TEST_CASE("check_wire: a key or a pass phrase without a certificate is refused, and not passed over") {
  CHECK(fault(with("", files().both())) == "\"key\": " + files().both() +
                                               ": is of no use without a certificate; name the file of its "
                                               "certificate by \"cert\", which may be the "
                                               "same file");
  CHECK(holds(fault(with("", "", "hunter2")), "\"pass\": is of no use without a certificate"));
  CHECK_FALSE(holds(fault(with("", "", "hunter2")), "hunter2"));
}

TEST_CASE("check_wire: a malformed netrc is refused with its line, if it is to be used") {
  WireOptions options = with("");
  options.netrc_file = files().file("netrc", "machine a.org login u\npassword \"hunter2\n");
  CHECK(fault(options) == "");
  options.netrc = WireOptions::Netrc::required;
  CHECK(fault(options).starts_with("\"netrc-file\": " + options.netrc_file +
                                   ": line 2: a quote is not closed"));
  options.netrc_file = files().file("netrc", "machine a.org login u password p\n");
  CHECK(fault(options) == "");
}

TEST_CASE("locked_key: it names the key for which a pass phrase has to be asked for, and no other") {
  CHECK(locked_key(with(files().certificate(), files().locked_key())) == files().locked_key());
  CHECK(locked_key(with(files().both_locked())) == files().both_locked());
  CHECK(locked_key(with(files().certificate(), files().locked_key(), "open sesame")) == "");
  CHECK(locked_key(with(files().certificate(), files().key())) == "");
  CHECK(locked_key(with("", files().locked_key())) == "");
  CHECK(locked_key(with(files().certificate(), "/nowhere")) == "");
}

TEST_CASE("check_wire: a file of trusted certificates contains certificates, all of them complete") {
  CHECK(fault(trusting(files().certificate())) == "");
  CHECK(fault(trusting(files().both())) == "");
  const std::string empty = files().file("empty_ca.pem", "");
  CHECK(fault(trusting(empty)) == "\"cacert\": " + empty + ": holds no certificate in PEM");
  CHECK(fault(trusting("/dev/null")) == "\"cacert\": /dev/null: holds no certificate in PEM");
  CHECK(holds(fault(trusting(files().key())), "holds no certificate in PEM"));
  CHECK(holds(fault(trusting(files().der())), "holds no certificate in PEM"));
  const std::string whole = leat::tests::read_file(files().certificate());
  const std::string cut = files().file("cut_ca.pem", whole + whole.substr(0, 200));
  CHECK(fault(trusting(cut)) == "\"cacert\": " + cut + ": can't be read as certificates in PEM");
  std::string wrong_bytes = whole;
  wrong_bytes.replace(whole.find('\n') + 1, 8, "AAAAAAAA");
  CHECK(holds(fault(trusting(files().file("wrong_ca.pem", wrong_bytes))),
              "can't be read as certificates in PEM"));
}

TEST_CASE("check_wire: the folder of trusted certificates has to be a folder") {
  WireOptions options = trusting("");
  options.ca_path = files().certificate();
  CHECK(fault(options) == "\"capath\": " + files().certificate() + ": Not a directory");
  options.ca_path = "/";
  CHECK(fault(options) == "");
}

TEST_CASE("check_wire: a pinned key is a digest of 32 bytes or a file with a public key") {
  const std::string digest = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  CHECK(fault(pinned(digest)) == "");
  CHECK(fault(pinned(digest + ";" + digest)) == "");
  CHECK(fault(pinned(files().public_key())) == "");
  CHECK(holds(fault(pinned(digest + ";AAAA")), "AAAA: is no digest"));
  CHECK(holds(fault(pinned("sha256//AAAA")), "is no digest"));
  CHECK(holds(fault(pinned(files().certificate())), "holds no public key"));
}

TEST_CASE("check_wire: a pipe is not checked, since it can be read only once") {
  const std::string pipe = files().file("name", "") + ".pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(fault(trusting(pipe)) == "");
  CHECK(fault(with(pipe, pipe)) == "");
}
