#include "cli/get/get_plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/get/config.hpp"
#include "cli/options/options.hpp"
#include "cli/run/run_options.hpp"
#include "pipelines/spec/load.hpp"
#include "pipelines/stages/bind_plan.hpp"
#include "pipelines/stages/spec_of.hpp"
#include "pipelines/stages/stage_table.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::cli;

namespace {

using Words = std::vector<std::string>;

GetOptions options_of(const Words& words) {
  auto options = parse_get_options(std::vector<std::string_view>(words.begin(), words.end()));
  REQUIRE_MESSAGE(options.ok(), options.error().message);
  return std::move(options.value());
}

pipelines::Plan plan_of(const Words& words) {
  RealSystem system;
  const auto config = validate(options_of(words), system);
  REQUIRE_MESSAGE(config.ok(), config.error().message);
  return make_plan(config.value());
}

std::string text_of(const Words& words) { return get_plan_text(plan_of(words), options_of(words).run_level); }

/// The plan that `leat run` makes of it, with the hidden values in its environment.
pipelines::Plan bound(const std::string& text, const std::vector<pipelines::HiddenValue>& hidden) {
  pipelines::SpecOptions options;
  options.getenv = [&](const std::string& name) -> std::optional<std::string> {
    for (const auto& value : hidden) {
      if (value.variable == name) return value.value;
    }
    return std::nullopt;
  };
  const auto loaded = pipelines::load_spec(text, pipelines::stage_signatures(), options);
  REQUIRE_MESSAGE(loaded.ok(), pipelines::render(loaded.faults));
  return pipelines::bind_plan(*loaded.pipeline);
}

std::string canonical(const std::string& text) {
  const auto formatted = pipelines::format_spec(text, "");
  REQUIRE(std::holds_alternative<std::string>(formatted));
  return std::get<std::string>(formatted) + "\n";
}

/// An example of each option that a plan must show, with a value that isn't the default.
const std::map<std::string, Words> kExamples{
    {"input-format", {"-i", "-", "--input-format", "tsv"}},
    {"columns", {"-i", "-", "--input-format", "csv", "--columns", "url=link,\"output=a, b\""}},
    {"dedupe", {"--dedupe"}},
    {"header", {"-H", "X-A: 1", "-H", "X-B: {2} \"q\" \\"}},
    {"request", {"-X", "PUT"}},
    {"data", {"-d", "a=1&b={x}\n"}},
    {"data-raw", {"--data-raw", "@x"}},
    {"data-binary", {"--data-binary", "\x01\xC3\xA9"}},
    {"user", {"-u", "me:pa{ss}"}},
    {"user-agent", {"-A", "me/1"}},
    {"insecure", {"-k"}},
    {"json", {"--json", "{\"a\":1}"}},
    {"head", {"-I"}},
    {"referer", {"-e", "http://b.org/"}},
    {"compressed", {"--compressed"}},
    {"oauth2-bearer", {"--oauth2-bearer", "tok"}},
    {"netrc", {"--netrc"}},
    {"netrc-file", {"--netrc-file", "/dev/null"}},
    {"netrc-optional", {"--netrc-optional"}},
    {"cookie", {"-b", "a=1"}},
    {"cookie-jar", {"-c", "jar"}},
    {"proxy", {"-x", "http://me:pw@127.0.0.1:3128"}},
    {"proxy-user", {"-x", "http://127.0.0.1:3128", "--proxy-user", "me:pw"}},
    {"noproxy", {"--noproxy", "a.org,b.org"}},
    {"proxy-insecure", {"--proxy-insecure"}},
    {"resolve", {"--resolve", "a.org:80:127.0.0.1"}},
    {"connect-to", {"--connect-to", "a.org:80:b.org:81"}},
    {"unix-socket", {"--unix-socket", "s o"}},
    {"interface", {"--interface", "lo"}},
    {"ipv4", {"-4"}},
    {"ipv6", {"-6"}},
    {"block-private", {"--block-private"}},
    {"http2", {"--http2"}},
    {"cacert", {"--cacert", "/dev/null"}},
    {"capath", {"--capath", "/"}},
    {"cert", {"--cert", "/dev/null:pw"}},
    {"key", {"--cert", "/dev/null", "--key", "/dev/null"}},
    {"pass", {"--cert", "/dev/null", "--pass", "pw"}},
    {"pinnedpubkey", {"--pinnedpubkey", "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}},
    {"tlsv1.3", {"--tlsv1.3"}},
    {"host-errors", {"--host-errors", "3"}},
    {"upload-file", {"-T", "/dev/null"}},
    {"max-redirects", {"--max-redirects", "3"}},
    {"location-trusted", {"--location-trusted"}},
    {"jobs", {"-j", "7"}},
    {"per-host", {"--per-host", "2"}},
    {"rate", {"--rate", "10/min"}},
    {"per-host-rate", {"--per-host-rate", "7/h"}},
    {"limit-rate", {"--limit-rate", "10k"}},
    {"threads", {"--threads", "2"}},
    {"window", {"--window", "10000000"}},
    {"timeout", {"--timeout", "1.5s"}},
    {"connect-timeout", {"--connect-timeout", "0"}},
    {"stall", {"--stall", "2m"}},
    {"retry", {"--retry", "10000"}},
    {"retry-on", {"--retry-on", "404,truncated"}},
    {"host-down", {"--host-down", "0"}},
    {"retry-max-time", {"--retry-max-time", "0"}},
    {"race", {"--race", "2"}},
    {"segments", {"--segments", "4"}},
    {"min-segment", {"--min-segment", "16MiB"}},
    {"max-size", {"--max-size", "1MiB"}},
    {"output", {"-o", "out/{host}/{name}"}},
    {"output-dir", {"-O", "o u{t}"}},
    {"on-exist", {"-o", "x{id}", "--on-exist", "rename"}},
    {"if-changed", {"-O", "out", "--if-changed"}},
    {"remote-header-name", {"-O", "out", "-J"}},
    {"no-remote-time", {"-O", "out", "--no-remote-time"}},
    {"durable", {"-O", "out", "--durable"}},
    {"exec", {"--exec", "mv '{filename}' \"in {url}\""}},
    {"order", {"--order", "input"}},
    {"format", {"--format", "{status} \"{url}\""}},
    {"fields", {"--fields", "url,meta.a"}},
    {"hash", {"--hash", "md5,sha256"}},
    {"checksums", {"--checksums", "/dev/null"}},
    {"include", {"--include", "body,headers"}},
};

}  // namespace

TEST_CASE("get --plan: every option of get is in the plan, or is an option of leat run as well") {
  std::set<std::string> run_names;
  for (const auto& flag : run_flags()) run_names.emplace(flag.long_name);
  // The last two are done anyway, unless another option of the same kind is given.
  const std::set<std::string> elsewhere{"input", "plan", "help", "silent", "http1.1", "tlsv1.2"};
  for (const auto& flag : get_flags()) {
    const std::string name(flag.long_name);
    CAPTURE(name);
    const int places = static_cast<int>(run_names.contains(name) || elsewhere.contains(name)) +
                       static_cast<int>(kExamples.contains(name));
    CHECK(places == 1);
  }
}

TEST_CASE(
    "get --plan: every option shows in it; the text is canonical, and gives the same plan when it is read "
    "again") {
  const std::string plain = text_of({"http://a.org/"});
  for (const auto& example : kExamples) {
    const auto& words = example.second;
    CAPTURE(example.first);
    Words all;
    if (words.front() != "-i") all.emplace_back("http://a.org/");
    all.insert(all.end(), words.begin(), words.end());
    const auto plan = plan_of(all);
    const std::string text = get_plan_text(plan, {});
    CHECK(text != plain);
    CHECK(canonical(text) == text);
    const auto hidden = pipelines::spec_of(plan, pipelines::Hide::credentials).value().hidden;
    CHECK(get_plan_text(bound(text, hidden), {}) == text);
  }
}

TEST_CASE("get --plan: all options work together, with a list") {
  const tests::TempDir directory;
  tests::write_file(directory / "urls", "");
  const std::set<std::string> contrary{"fields", "include",      "output-dir", "head",
                                       "json",   "upload-file",  "if-changed", "block-private",
                                       "race",   "input-format", "columns"};
  Words all{"-i", directory / "urls"};
  for (const auto& [name, words] : kExamples) {
    if (!contrary.contains(name)) {
      all.insert(all.end(), words.begin(), words.end());
    }
  }
  const auto plan = plan_of(all);
  const std::string text = get_plan_text(plan, {});
  CHECK(canonical(text) == text);
  const auto hidden = pipelines::spec_of(plan, pipelines::Hide::credentials).value().hidden;
  const auto again = bound(text, hidden);
  CHECK(get_plan_text(again, {}) == text);
  const auto& fetch = std::get<pipelines::FetchArgs>(again.stages.at(2).args);
  CHECK(fetch.client.userpwd == "me:pa{ss}");
  CHECK(fetch.client.headers == std::get<pipelines::FetchArgs>(plan.stages.at(2).args).client.headers);
  CHECK(fetch.client.headers.at(1) == "X-B: {2} \"q\" \\");
  CHECK(fetch.body == std::get<pipelines::FetchArgs>(plan.stages.at(2).args).body);
}

TEST_CASE("get --plan: it prints the spec and its comments") {
  CHECK(text_of({"http://a.org/?b=1", "-j", "64", "--grace", "5s", "-q"}) ==
        "# leat run -f FILE does the same, with --grace 5s --quiet\n"
        "# a record for each URL named here\n"
        "urls \"http://a.org/?b=1\"\n"
        "# sends each record's request, n at once; records go on as they complete: 64 at once; up to 10000 "
        "records wait for their host\n"
        "| fetch n=64 fail=400-999\n"
        "# prints a line for each record\n"
        "| write json\n");
}

TEST_CASE("get --plan: it shows no credential; each is a variable that a comment names") {
  const std::string text =
      text_of({"http://u:SECRET@a.org/", "-u", "me:SECRET", "-H", "Authorization: Bearer SECRET", "-H",
               "Cookie: a=SECRET", "-H", "X-My-Token: SECRET", "-H", "Accept: text/html"});
  CHECK(text.find("SECRET") == std::string::npos);
  for (const char* part :
       {"urls secret:LEAT_PLAN_URL", "user=secret:LEAT_PLAN_USER", "default-header=secret:LEAT_PLAN_HEADER ",
        "default-header=secret:LEAT_PLAN_HEADER_3", "default-header=\"Accept: text/html\"",
        "# LEAT_PLAN_HEADER_2: not shown; set this variable to the header Cookie, with its name\n"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
}

TEST_CASE("one_line: the line that -v prints shows no body, and no value of a header either") {
  const std::string line =
      one_line(plan_of({"http://a.org/", "-H", "X-A: SECRET", "-d", "SECRET", "-u", "me:SECRET", "-j", "4"}));
  CHECK(line.find("SECRET") == std::string::npos);
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.starts_with("urls \"http://a.org/\" | fetch n=4 "));
}
