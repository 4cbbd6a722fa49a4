#include "cli/options/hints/meant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/options/hints/hints.hpp"
#include "cli/options/hints/nearest.hpp"
#include "cli/options/table/option_table.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/spec/stage_words.hpp"
#include "pipelines/stages/stage_table.hpp"

namespace leat::cli {

namespace {

constexpr std::array kCommandWords{
    Synonym{
        "download fetch dl curl wget wget2 aria2c aria2 axel httpie http xh request pull grab url urls list",
        "to fetch URLs: leat get URL", ""},
    Synonym{"pipe pipeline exec execute spec script eval stream crawl scrape spider",
            "a pipeline is run by leat run 'SPEC'", ""},
    Synonym{"load attack hey wrk wrk2 oha ab k6 vegeta h2load siege bombardier autocannon locust jmeter test "
            "benchmark stress perf measure",
            "to measure an endpoint: leat bench URL", ""},
    Synonym{"validate lint verify plan explain dry-run", "leat check SPEC says what is wrong with a spec",
            ""},
    Synonym{"fmt format", "leat check --format SPEC prints a spec as it is usually written", ""},
    Synonym{"version", "leat --version prints it", ""},
    Synonym{"man manual docs usage", "man leat has it", ""},
    Synonym{"stages commands", "leat help lists them", ""},
    Synonym{"config", "leat get --print-config prints the options in force", ""},
    Synonym{"resume continue status", "the same command goes on where it ended if it has --state FILE", ""},
    Synonym{"compare diff", "to compare two results of --save: leat bench --compare OLD NEW", ""},
    Synonym{"post put patch delete head options send upload POST PUT PATCH DELETE HEAD OPTIONS",
            "a method is an option: leat get -X METHOD URL; -d DATA sends a body, -T FILE a file", ""},
    Synonym{"GET", "to fetch URLs: leat get URL", ""},
    Synonym{"xargs parallel", "many at once are fetched by leat get -j N -i FILE", ""},
    Synonym{"mirror sync links sitemap robots", "a site is walked by a spec: see leat help crawl", ""},
    Synonym{"jq filter select map grep", "it is done inside of a spec: see leat help where", ""},
    Synonym{"watch poll wait", "fetch until=(jq) every=T of a spec asks again: see leat help fetch", ""},
    Synonym{"queue jobs workers worker", "processes share a list by Redis: see leat help redis", ""},
    Synonym{"retry", "leat get --retry-failed does what failed again, with the --state FILE of the run", ""},
    Synonym{"completion completions", "leat generate bash, zsh or fish prints them", ""},
    Synonym{"record", "leat get --record DIR keeps what is fetched", ""},
    Synonym{"replay", "leat get --replay DIR answers from what was kept", ""},
};

bool is_stage(std::string_view word) {
  const auto stages = pipelines::stage_table();
  return std::any_of(stages.begin(), stages.end(),
                     [&](const auto* row) { return row->signature.name == word; });
}

bool is_url(std::string_view word) { return word.find("://") != word.npos; }

// Such as "lines | fetch".
bool is_spec(std::string_view word) {
  const auto blank = word.find_first_of(" \t\n");
  return blank != word.npos && !is_url(word.substr(0, blank)) &&
         (word.find('|') != word.npos || is_stage(word.substr(0, blank)));
}

// Such as "example.org/a" or "localhost:8080".
bool is_host(std::string_view word) {
  const auto host = word.substr(0, word.find_first_of("/?#"));
  const auto colon = host.find(':');
  const bool has_port = colon != host.npos && colon + 1 < host.size() &&
                        host.find_first_not_of("0123456789", colon + 1) == host.npos;
  const auto dot = host.find('.');
  return host == "localhost" || has_port || (dot != host.npos && dot > 0 && dot + 1 < host.size());
}

bool is_number(std::string_view word) {
  constexpr std::size_t kLongest = 6;  // an address as one number has more digits
  return word.size() <= kLongest && word.find_first_not_of("0123456789.") == word.npos &&
         word.find_first_of("0123456789") != word.npos && std::count(word.begin(), word.end(), '.') < 3;
}

// Of k6, wrk, JMeter. A URL of a page of that name has its host before it.
bool is_script(std::string_view word) {
  return word.find('/') == word.npos &&
         (word.ends_with(".js") || word.ends_with(".lua") || word.ends_with(".jmx"));
}

constexpr std::size_t kMost = 400;  // characters that are shown of a word

// As it can be typed in a shell.
std::string shown(std::string_view word) {
  const auto text = text::escaped(word.substr(0, kMost));
  const bool is_plain = text.find_first_of(" \t&;|<>()$`\"*?[]{}#~!\\'") == text.npos;
  return is_plain || text.find('\'') != text.npos ? text : "'" + text + "'";
}

}  // namespace

std::string meant_by_command(std::string_view word, std::span<const std::string_view> commands,
                             System& system) {
  if (is_url(word)) return fmt::format("; to fetch it: leat get {}", shown(word));
  if (is_spec(word)) return "; to run it as a spec: leat run 'SPEC'";
  if (!system.check_readable(std::string(word))) {
    return word.ends_with(".leat") ? fmt::format("; to run the spec in it: leat run -f {}", shown(word))
                                   : fmt::format("; to fetch the URLs in it: leat get -i {}", shown(word));
  }
  if (const auto* row = find_synonym(kCommandWords, word)) return "; " + std::string(row->hint);
  if (is_stage(word)) return fmt::format("; it is a stage of leat run: see leat help {}", word);
  if (is_host(word)) return fmt::format("; to fetch it: leat get {}", shown(word));
  return did_you_mean(word, commands);
}

std::string meant_by_topic(std::string_view topic, std::span<const std::string_view> topics) {
  const auto dashes = std::min(topic.find_first_not_of('-'), topic.size());
  const auto name = topic.substr(dashes);
  for (const auto& command : kCommandNames) {
    for (const auto* row : options_at(command.place)) {
      if (row->name == name || (dashes == 1 && row->letter == name)) {
        return fmt::format("; it is an option: see leat {} --help", command.name);
      }
    }
  }
  if (auto hint = pipelines::hint_for_stage(topic, topics); !hint.empty()) return hint;
  return did_you_mean(topic, topics);
}

Status check_url_words(std::span<const std::string> words, System& system) {
  const auto no_url = [](std::string_view word, std::string_view hint) {
    return Error(Errc::bad_input, fmt::format("{} is no URL; {}", text::in_quotes(word, kMost), hint));
  };
  for (const auto& word : words) {
    if (is_url(word)) continue;
    if (word == "-") return no_url(word, "a list on standard input is read by -i -");
    if (is_number(word)) return no_url(word, "the option before it takes no value");
    if (is_spec(word)) return no_url(word, "a spec is run by leat run 'SPEC'");
    if (is_script(word)) {
      return no_url(word,
                    "scripts are not run; {seq}, {random} and --data-csv FILE of leat bench make requests "
                    "differ");
    }
    const bool at = word.starts_with('@');
    if (const auto file = word.substr(at ? 1 : 0); !system.check_readable(file)) {
      return no_url(word, fmt::format("for the list in that file use -i {}", shown(file)));
    }
    if (word.starts_with('/') || word.starts_with("./") || word.starts_with("../")) {
      return no_url(word, "and there is no such file that can be read");
    }
  }
  return std::nullopt;
}

Status check_spec_word(std::string_view spec, System& system) {
  if (spec.find_first_of(" \t\n|({\"") != spec.npos || is_stage(spec)) return std::nullopt;
  if (spec.starts_with("http://") || spec.starts_with("https://")) {
    return Error(Errc::bad_input,
                 fmt::format("{} is a URL; to fetch it: leat get URL, or leat run 'urls URL | fetch'",
                             text::in_quotes(spec, kMost)));
  }
  if (!system.check_readable(std::string(spec))) {
    return Error(Errc::bad_input,
                 fmt::format("{} is a file; for a spec in it use -f {}, for a list of URLs leat get -i {}",
                             text::in_quotes(spec, kMost), shown(spec), shown(spec)));
  }
  return std::nullopt;
}

}  // namespace leat::cli
