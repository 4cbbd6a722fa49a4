#include "cli/get/get_spec.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/options/given.hpp"
#include "cli/options/table/option_table.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/plan/bind_plan.hpp"
#include "pipelines/spec/load.hpp"
#include "pipelines/stages/stage_table.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::cli;

namespace {

const std::string kSums = LEAT_SOURCE_DIR "/tests/fuzz/corpus/sums/seed00";

using Words = std::vector<std::string>;

Given options_of(const Words& words) {
  auto given = parse_options(pipelines::kGet, std::vector<std::string_view>(words.begin(), words.end()));
  REQUIRE_MESSAGE(given.ok(), given.error().message);
  return std::move(given.value());
}

GetSpec spec_of(const Words& words) {
  RealSystem system;
  auto spec = get_spec(options_of(words), system);
  REQUIRE_MESSAGE(spec.ok(), spec.error().message);
  return std::move(spec.value());
}

pipelines::Plan planned(const GetSpec& spec) {
  auto plan = plan_of(spec);
  REQUIRE_MESSAGE(plan.ok(), plan.error().message);
  return std::move(plan.value());
}

std::string text_of(const GetSpec& spec, const std::vector<std::string>& more = {}) {
  return plan_text_of(spec, planned(spec), more);
}
std::string text_of(const Words& words) { return text_of(spec_of(words), run_level(options_of(words))); }

pipelines::Variables::Getenv environment_of(const std::vector<HiddenValue>& hidden) {
  return [&hidden](const std::string& name) -> std::optional<std::string> {
    for (const auto& value : hidden) {
      if (value.variable == name) return value.value;
    }
    return std::nullopt;
  };
}

/// What `leat run` makes of it, the hidden values in its environment.
pipelines::BoundPipeline bound(const std::string& text, const std::vector<HiddenValue>& hidden) {
  pipelines::SpecOptions options;
  options.getenv = environment_of(hidden);
  const auto loaded = pipelines::load_spec(text, pipelines::stage_signatures(), options);
  REQUIRE_MESSAGE(loaded.ok(), pipelines::render(loaded.faults));
  return *loaded.pipeline;
}

/// Every argument with its value.
std::string values_of(const pipelines::BoundPipeline& pipeline) {
  std::string text;
  for (const auto& stage : pipeline.stages) {
    text += std::string(stage.signature->name) + "\n";
    for (const auto& arg : stage.args) {
      text += "  " + arg.key + "=" + (arg.value.quoted ? "text " : "");
      const auto& value = arg.value.value;
      if (const auto* one = std::get_if<std::string>(&value)) text += *one;
      if (const auto* one = std::get_if<std::uint64_t>(&value)) text += std::to_string(*one);
      if (const auto* one = std::get_if<double>(&value)) text += std::to_string(*one);
      if (const auto* one = std::get_if<bool>(&value)) text += *one ? "true" : "false";
      if (const auto* all = std::get_if<std::vector<std::string>>(&value)) {
        for (const auto& one : *all) text += one + ",";
      }
      text += "\n";
    }
  }
  return text;
}

/// What `leat get` makes of it.
std::string values_of(const GetSpec& spec) {
  const auto loaded =
      pipelines::load_tree(spec.tree, pipelines::stage_signatures(), environment_of(spec.hidden));
  REQUIRE_MESSAGE(loaded.ok(), pipelines::render(loaded.faults));
  return values_of(*loaded.pipeline);
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
    {"trust", {"--trust", "https://a.org http://b.org:8080"}},
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
    {"fields", {"--fields", "url,meta.a,meta[\"b,c\"]"}},
    {"hash", {"--hash", "md5,sha256"}},
    {"checksums", {"--checksums", kSums}},
    {"verify", {"--verify", "-O", "out"}},
    {"form", {"-F", "a=b"}},
    {"form-string", {"--form-string", "a=@b"}},
    {"data-urlencode", {"--data-urlencode", "a=b c"}},
    {"get", {"-G", "-d", "a=1"}},
    {"url-query", {"--url-query", "a=b c"}},
    {"range", {"-r", "0-99"}},
    {"time-cond", {"-z", "2020-01-31"}},
    {"request-target", {"--request-target", "*"}},
    {"path-as-is", {"--path-as-is"}},
    {"basic", {"-u", "me:pw", "--basic"}},
    {"digest", {"-u", "me:pw", "--digest"}},
    {"ntlm", {"-u", "me:pw", "--ntlm"}},
    {"negotiate", {"-u", ":", "--negotiate"}},
    {"anyauth", {"-u", "me:pw", "--anyauth"}},
    {"aws-sigv4", {"-u", "key:secret", "--aws-sigv4", "aws:amz:eu-central-1:s3"}},
    {"proxy-basic", {"-x", "http://127.0.0.1:3128", "--proxy-basic"}},
    {"proxy-digest", {"-x", "http://127.0.0.1:3128", "--proxy-digest"}},
    {"proxy-ntlm", {"-x", "http://127.0.0.1:3128", "--proxy-ntlm"}},
    {"proxy-negotiate", {"-x", "http://127.0.0.1:3128", "--proxy-negotiate"}},
    {"proxy-anyauth", {"-x", "http://127.0.0.1:3128", "--proxy-anyauth"}},
    {"proxy-header", {"-x", "http://127.0.0.1:3128", "--proxy-header", "X-A: 1"}},
    {"proxytunnel", {"-x", "http://127.0.0.1:3128", "-p"}},
    {"proto", {"--proto", "=https"}},
    {"retry-delay", {"--retry-delay", "2"}},
    {"retry-all-errors", {"--retry-all-errors"}},
    {"include", {"--include", "body,headers"}},
};

/// What a journal keeps of it.
std::string journal_of(const Words& words) {
  std::string text;
  for (const auto& [name, value] : journal_config(options_of(words))) text += name + "=" + value + "\n";
  return text;
}

}  // namespace

TEST_CASE("get --plan: every option of get is in the plan, or is an option of leat run as well") {
  std::set<std::string> run_names;
  for (const auto* option : options_at(pipelines::kRun)) run_names.emplace(option->name);
  // Those from http1.1 on are what is done anyway, unless another option of the same kind is given.
  const std::set<std::string> elsewhere{"input",   "plan",       "help",     "silent",      "url",
                                        "globoff", "fail-early", "http1.1",  "tlsv1.2",     "location",
                                        "fail",    "show-error", "parallel", "remote-time", "create-dirs"};
  for (const auto* option : options_at(pipelines::kGet)) {
    const std::string name(option->name);
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
    const auto spec = spec_of(all);
    const std::string text = text_of(spec);
    CHECK(text != plain);
    CHECK(canonical(text) == text);
    CHECK(values_of(bound(text, spec.hidden)) == values_of(spec));
  }
}

TEST_CASE("get --plan: all options work together, with a list") {
  const tests::TempDir directory;
  tests::write_file(directory / "urls", "");
  const std::set<std::string> contrary{
      "fields", "include",      "output-dir", "head",   "json", "upload-file", "if-changed", "block-private",
      "race",   "input-format", "columns",    "verify", "form", "form-string", "get"};
  Words all{"-i", directory / "urls"};
  for (const auto& [name, words] : kExamples) {
    if (!contrary.contains(name)) {
      all.insert(all.end(), words.begin(), words.end());
    }
  }
  const auto spec = spec_of(all);
  const auto plan = planned(spec);
  const std::string text = text_of(spec);
  CHECK(canonical(text) == text);
  const auto read = bound(text, spec.hidden);
  CHECK(values_of(read) == values_of(spec));
  const auto again = pipelines::bind_plan(read);
  const auto& fetch = *again.stages.at(2).args.get_if<pipelines::FetchArgs>();
  CHECK(fetch.client.userpwd == "me:pa{ss}");
  CHECK(fetch.client.headers == plan.stages.at(2).args.get_if<pipelines::FetchArgs>()->client.headers);
  CHECK(fetch.client.headers.at(1) == "X-B: {2} \"q\" \\");
  CHECK(fetch.body == plan.stages.at(2).args.get_if<pipelines::FetchArgs>()->body);
}

TEST_CASE("get --plan: it prints the spec and its comments") {
  CHECK(text_of({"http://a.org/?b=1", "-j", "64", "--grace", "5s", "-q"}) ==
        "# leat run -f FILE does the same, with --grace 5s --quiet\n"
        "# makes a record of each URL that is named here\n"
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
      one_line(spec_of({"http://a.org/", "-H", "X-A: SECRET", "-d", "SECRET", "-u", "me:SECRET", "-j", "4"}));
  CHECK(line.find("SECRET") == std::string::npos);
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.starts_with("urls \"http://a.org/\" | fetch n=4 "));
}

TEST_CASE(
    "get --state: options about speed don't make it another run, but those about requests and files do") {
  const std::string base = journal_of({"-i", "list", "-o", "out/"});
  CHECK(journal_of({"-i", "list", "-o", "out/", "-j", "7", "--retry", "9", "-q", "--retry-failed", "--state",
                    "s"}) == base);
  CHECK(journal_of({"-i", "list2", "-o", "out/"}) != base);
  CHECK(journal_of({"-i", "list", "-o", "elsewhere/"}) != base);
  CHECK(journal_of({"-i", "list", "-o", "out/", "-d", "a=1"}) != base);
  CHECK(journal_of({"-i", "list", "-o", "out/", "--fields", "url"}) != base);
  CHECK(journal_of({"-i", "list", "-o", "out/", "-H", "Accept: x"}) != base);
  CHECK(journal_of({"-i", "list", "-O", "out"}) != journal_of({"-i", "list", "-o", "out"}));
}

TEST_CASE("get --state: no credentials get into the journal") {
  const std::string text = journal_of({"http://me:word@a.org/", "-H", "Authorization: Bearer token", "-u",
                                       "me:secret", "-d", "password=hidden"});
  for (const char* secret : {"word@", "token", "me:secret", "hidden"}) {
    CAPTURE(secret);
    CHECK(text.find(secret) == std::string::npos);
  }
  CHECK(text.find("Authorization") != std::string::npos);
}

TEST_CASE("get --plan: at the limits of what an option takes, the spec accepts the plan") {
  for (const auto* option : options_at(pipelines::kGet)) {
    using pipelines::ArgType;
    const bool has_limits =
        option->type == ArgType::count || option->type == ArgType::size || option->type == ArgType::duration;
    if (!has_limits || (option->at & pipelines::kRun) != 0) continue;
    for (const auto edge : {option->least, std::min<std::uint64_t>(option->most, 1'000'000'000)}) {
      const std::string name = "--" + std::string(option->name);
      const Words words{"http://a.org/", name, std::to_string(edge), "--order", "input"};
      CAPTURE(words);
      const auto spec = spec_of(words);
      CHECK(values_of(bound(text_of(spec), spec.hidden)) == values_of(spec));
    }
  }
}
