// What others see of a secret: in the list of processes, in what `leat check` explains, in messages.
#include <doctest/doctest.h>
#include <stdlib.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/support/certificates.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;

namespace {

const std::string kSecret = "s3cretVALUE";

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Sets a variable of the environment for as long as this lives.
class Variable {
 public:
  explicit Variable(const std::string& value) { ::setenv("LEAT_TEST_VIEW", value.c_str(), 1); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { ::unsetenv("LEAT_TEST_VIEW"); }
};

}  // namespace

TEST_CASE(
    "secrets in view: leat check shows no value of an argument that takes secrets, wherever it came from") {
  const Variable variable("a=" + kSecret);
  const std::string fetch = "urls http://a.org/ | fetch ";
  const Certificates files;
  const std::string pass = "pass=% cert=\"" + files.both() + "\"";
  for (const std::string& argument :
       {std::string("bearer=%"), std::string("user=%"), std::string("proxy-user=%"), std::string("cookie=%"),
        pass, std::string("default-body=%")}) {
    CAPTURE(argument);
    for (const std::string value :
         {"secret:LEAT_TEST_VIEW", "env:LEAT_TEST_VIEW", "$given", "\"a=s3cretVALUE\""}) {
      CAPTURE(value);
      std::string text = argument;
      text.replace(text.find('%'), 1, value);
      std::vector<std::string> words{"check", fetch + text + " | null"};
      if (text.find("$given") != std::string::npos)
        words.insert(words.end(), {"--set", "given=a=" + kSecret});
      const auto run = run_leat(words);
      CHECK(run.status == 0);
      CHECK_FALSE(holds(run.out + run.err, kSecret));
    }
  }
  const auto header = run_leat({"check", fetch + "header=\"Authorization: Bearer " + kSecret + "\" | null"});
  CHECK(header.status == 0);
  CHECK_FALSE(holds(header.out, kSecret));
  CHECK(holds(header.out, "Authorization:"));
}

TEST_CASE("secrets in view: what env: or --set gives to such an argument is in no output and in no journal") {
  const Variable variable(kSecret);
  const TempDir dir;
  for (const std::string& value : {std::string("env:LEAT_TEST_VIEW"), std::string("$given")}) {
    CAPTURE(value);
    std::vector<std::string> words{
        "run",
        "urls " + origin().url("/headers/x") + " | fetch bearer=" + value + " | write json include=body",
        "--state", dir / ("state" + std::to_string(value.size()))};
    if (value == "$given") words.insert(words.end(), {"--set", "given=" + kSecret});
    const auto run = run_leat(words);
    CHECK(run.status == 0);
    CHECK(holds(run.out, "Bearer"));
    CHECK_FALSE(holds(run.out + run.err, kSecret));
    for (const auto& name : dir.names()) CHECK_FALSE(holds(read_file(dir / name), kSecret));
  }
}

TEST_CASE("secrets in view: neither a long password of a URL nor a secret is kept or shown in part") {
  std::string password;
  while (password.size() < 300) password += kSecret;
  std::string behind(200 - kSecret.size() / 2, 'x');  // where messages and the journal cut a URL
  const std::string start = "http://127.0.0.1:1/";
  behind.erase(0, start.size());
  const Variable variable(kSecret);
  for (const std::string& url : {"http://me:" + password + "@127.0.0.1:1/x", start + behind + kSecret}) {
    CAPTURE(url);
    const TempDir dir;
    const TempDir lists;
    write_file(lists / "list", url + "\n");
    const auto run = run_leat(
        {"run", "lines \"" + (lists / "list") + "\" | fetch bearer=env:LEAT_TEST_VIEW retry=0 | null",
         "--state", dir / "state", "--verbose"});
    CHECK(run.status != 0);
    CHECK(holds(run.err, "connect_refused"));
    CHECK_FALSE(holds(run.out + run.err, "s3cr"));
    for (const auto& name : dir.names()) CHECK_FALSE(holds(read_file(dir / name), "s3cr"));
  }
}

TEST_CASE("secrets in view: within a text, what may be a secret is refused, and what is none is shown") {
  const Variable variable(kSecret);
  const std::string fetch =
      "let kept = secret:LEAT_TEST_VIEW; let out = env:LEAT_TEST_VIEW; urls http://a.org/ | fetch ";
  for (const char* argument :
       {"bearer=\"{$out}\"", "user=\"me:{$given}\"", "header=\"Authorization: Bearer {$out}\"",
        "cookie=\"a={$given}\"", "header=\"Authorization: Bearer {$kept}\"", "bearer=\"{$kept}\"",
        "default-header=\"X-Api-Key: {$given}\""}) {
    CAPTURE(argument);
    std::vector<std::string> words{"check", fetch + argument};
    if (std::string(argument).find("$given") != std::string::npos)
      words.insert(words.end(), {"--set", "given=" + kSecret});
    const auto run = run_leat(words);
    CHECK(run.status == 2);
    CHECK_FALSE(holds(run.out + run.err, kSecret));
  }
  CHECK(run_leat({"check", fetch + "header=\"X-Page: {$page}\"", "--set", "page=7"}).status == 0);
}

TEST_CASE("secrets in view: no part of leat shows the password of a URL that is written into the spec") {
  const std::string source = "urls \"http://me:" + kSecret + "@127.0.0.1:1/\" | ";
  const TempDir dir;
  const auto run = run_leat({"run", source + "fetch retry=0 | null", "--verbose", "--state", dir / "state"});
  CHECK(run.status == 1);
  CHECK(holds(run.err, "connect_refused"));
  const auto checked = run_leat({"check", source + "each (\"http://me:" + kSecret + "@a.org\") | null"});
  CHECK(checked.status == 0);
  CHECK(holds(checked.out, "@127.0.0.1:1/\"\n"));
  const auto wrong = run_leat({"check", source + "fetch nul=1 | null"});
  CHECK(wrong.status == 2);
  CHECK(holds(wrong.err, "@127.0.0.1:1/\" | fetch nul=1"));
  for (const auto& one : {run, checked, wrong}) CHECK_FALSE(holds(one.out + one.err, kSecret));
  for (const auto& name : dir.names()) CHECK_FALSE(holds(read_file(dir / name), kSecret));
}

TEST_CASE("secrets in view: a password of a URL is hidden as a whole though it has quotes and backslashes") {
  for (const char* signs : {"'", "\\\"", "\\\\", "\\\\\\\""}) {
    const std::string source = "urls \"http://me:hun" + std::string(signs) + kSecret + "@127.0.0.1:1/\" | ";
    CAPTURE(source);
    const TempDir dir;
    const auto run =
        run_leat({"run", source + "fetch retry=0 | null", "--verbose", "--state", dir / "state"});
    CHECK(run.status == 1);
    const auto checked =
        run_leat({"check", source + "each (\"http://me:hun" + signs + kSecret + "@a.org\") | null"});
    CHECK(checked.status == 0);
    const auto wrong = run_leat({"check", source + "fetch nul=1 | null"});
    CHECK(wrong.status == 2);
    for (const auto& one : {run, checked, wrong}) {
      CHECK_FALSE(holds(one.out + one.err, kSecret));
      CHECK_FALSE(holds(one.out + one.err, "me:hun"));
    }
    for (const auto& name : dir.names()) CHECK_FALSE(holds(read_file(dir / name), kSecret));
  }
}

TEST_CASE("secrets in view: messages about a value show no secret") {
  const Variable variable("/no such/" + kSecret);
  for (const char* spec : {"urls http://127.0.0.1:1/ | fetch cookie=secret:LEAT_TEST_VIEW | null",
                           "urls http://127.0.0.1:1/ | fetch connect-to=secret:LEAT_TEST_VIEW | null",
                           "urls http://127.0.0.1:1/ | fetch method=secret:LEAT_TEST_VIEW | null",
                           "urls http://127.0.0.1:1/ | fetch cacert=secret:LEAT_TEST_VIEW | null",
                           "urls http://127.0.0.1:1/ | fetch resolve=secret:LEAT_TEST_VIEW | null",
                           "urls http://127.0.0.1:1/ | fetch proxy=secret:LEAT_TEST_VIEW | null",
                           "lines secret:LEAT_TEST_VIEW | null"}) {
    CAPTURE(spec);
    const auto run = run_leat({"run", spec});
    CHECK(run.status != 0);
    CHECK_FALSE(holds(run.out + run.err, kSecret));
  }
}

TEST_CASE("secrets in view: the list of processes shows none of what was given on the command line") {
  const std::string url = origin().url("/delay/5000/x");
  std::string with_user = url;
  with_user.insert(7, "me:" + kSecret + "@");
  const std::vector<std::vector<std::string>> given{{"-u", "me:" + kSecret, url},
                                                    {"--oauth2-bearer=" + kSecret, url},
                                                    {"-H", "Authorization: Bearer " + kSecret, url},
                                                    {with_user}};
  for (const auto& words : given) {
    CAPTURE(words.front());
    std::vector<std::string> all{LEAT_BINARY, "get", "--retry", "0"};
    all.insert(all.end(), words.begin(), words.end());
    const Process process(all);
    const std::string file = "/proc/" + std::to_string(process.pid()) + "/cmdline";
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(4);
    std::string seen;
    do {
      seen = read_file(file);
    } while ((!holds(seen, "--retry") || holds(seen, kSecret)) && std::chrono::steady_clock::now() < until);
    CHECK(holds(seen, "--retry"));
    CHECK_FALSE(holds(seen, kSecret));
  }
}
