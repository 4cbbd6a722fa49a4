#include "cli/get/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "cli/get/input_options.hpp"
#include "cli/options/nearest.hpp"
#include "cli/options/option_value.hpp"
#include "cli/options/request_options.hpp"
#include "cli/options/session_options.hpp"
#include "cli/options/words.hpp"
#include "engine/http/gate/retry_on.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/options/checks.hpp"
#include "pipelines/options/checksum_file.hpp"
#include "pipelines/result/outside.hpp"

namespace leat::cli {

namespace {

using pipelines::OnExist;

constexpr async::Duration kForever = std::chrono::hours(24) * 36525;

/// Turns what was typed into what is true, one group of options a function; the first Error ends it.
class Validation {
 public:
  Validation(const GetOptions& options, System& system) : options_(options), system_(system) {}

  Result<GetConfig> run() {
    for (const auto step :
         {&Validation::source, &Validation::request, &Validation::limits, &Validation::bodies,
          &Validation::hook, &Validation::results, &Validation::reporting}) {
      if (auto error = (this->*step)()) return std::move(*error);
    }
    return std::move(config_);
  }

 private:
  Status source() { return read_input_options(options_, system_, config_); }

  Status request() { return read_request_options(options_, system_, config_.fetch); }

  Status limits() {
    auto& fetch = config_.fetch;
    if (auto e = read_count("--jobs", options_.jobs, 1, 65535, fetch.n)) return e;
    fetch.client.jobs = fetch.n;
    if (auto e = read_count("--per-host", options_.per_host, 1, 65535, fetch.per_host)) return e;
    if (auto e = read_rate("--rate", options_.rate, fetch.rate)) return e;
    if (auto e = read_rate("--per-host-rate", options_.per_host_rate, fetch.per_host_rate)) return e;
    if (auto e = read_size("--limit-rate", options_.limit_rate, fetch.client.limit_rate)) return e;
    if (auto e = read_count("--threads", options_.threads, 1, 64, fetch.threads)) return e;
    if (auto e = read_count("--window", options_.window, 1, 10'000'000, fetch.window)) return e;
    if (auto e = read_time("--timeout", options_.timeout, fetch.client.timeout)) return e;
    if (auto e = read_time("--connect-timeout", options_.connect_timeout, fetch.client.connect_timeout))
      return e;
    if (auto e = read_time("--stall", options_.stall, fetch.client.stall)) return e;
    if (auto e = read_count("--race", options_.race, 1, 100, fetch.race)) return e;
    if (auto e = segments()) return e;
    if (auto e = read_count("--retry", options_.retry, 0, 10000, fetch.retry)) return e;
    if (auto e = read_time("--retry-max-time", options_.retry_max_time, fetch.retry_max_time)) return e;
    if (fetch.retry_max_time == async::Duration(0)) fetch.retry_max_time = kForever;
    if (auto e = read_time("--host-down", options_.host_down, fetch.host_down)) return e;
    if (auto e = retry_on()) return e;
    if (auto e = read_count("--host-errors", options_.host_errors, 0, 1'000'000, fetch.host_errors)) return e;
    if (auto e = read_size("--max-size", options_.max_size, fetch.client.max_size)) return e;
    if (auto e = read_count("--max-redirects", options_.max_redirects, 0, 1000, fetch.client.max_redirects))
      return e;
    fetch.fail = pipelines::StatusSet::errors();
    return std::nullopt;
  }

  Status retry_on() {
    if (!options_.retry_on) return std::nullopt;
    if (auto on = http::parse_retry_on(*options_.retry_on); !on) {
      return Error(Errc::bad_input, "--retry-on: " + on.error().message);
    }
    config_.fetch.retry_on = *options_.retry_on;
    return std::nullopt;
  }

  Status segments() {
    auto& fetch = config_.fetch;
    if (auto e = read_count("--segments", options_.segments, 1, 64, fetch.segments)) return e;
    if (auto e = read_size("--min-segment", options_.min_segment, fetch.min_segment)) return e;
    if (fetch.min_segment == 0) return not_taken("--min-segment", *options_.min_segment, "1 byte or more");
    if (fetch.segments == 1 || fetch.race == 1) return std::nullopt;
    return Error(Errc::bad_input,
                 "--segments: asks all mirrors for a part each, --race for the same; leave one of them out");
  }

  Status bodies() {
    constexpr Choice<OnExist> kHow[]{{"resume", OnExist::resume},
                                     {"skip", OnExist::skip},
                                     {"overwrite", OnExist::overwrite},
                                     {"rename", OnExist::rename},
                                     {"fail", OnExist::fail}};
    if (auto e = sums()) return e;
    pipelines::SaveArgs save;
    if (auto e = read_choice("--on-exist", options_.on_exist, kHow, save.on_exist)) return e;
    save.remote_name = options_.remote_header_name;
    save.remote_time = !options_.no_remote_time;
    save.durable = options_.durable;
    save.if_changed = options_.if_changed;
    if (save.if_changed && save.on_exist != OnExist::resume && save.on_exist != OnExist::overwrite) {
      return Error(Errc::bad_input,
                   "--if-changed: replaces a file that has changed; takes --on-exist resume or overwrite");
    }
    if (!options_.output && !options_.output_dir) {
      // A line of the input may still name a file of its own.
      if (!std::holds_alternative<pipelines::UrlsArgs>(config_.source)) config_.save = std::move(save);
      return std::nullopt;
    }
    for (const auto& [name, value] :
         {std::pair{"--output-dir", &options_.output_dir}, {"--output", &options_.output}}) {
      if (!*value || (!(*value)->empty() && **value != "-")) continue;
      return not_taken(
          name, **value,
          "a file name template or a directory; to see bodies in the results use --include body");
    }
    if (options_.output_dir && options_.output && options_.output->starts_with('/')) {
      return not_taken("--output", *options_.output,
                       "a name below that of --output-dir, so one without a / in front");
    }
    save.file_template = file_template();
    if (const auto checked = pipelines::NameTemplate::compile(save.file_template); !checked) {
      return Error(Errc::bad_input, fmt::format("--output: {}: {}", text::in_quotes(save.file_template, 400),
                                                text::escaped(checked.error().message)));
    }
    config_.save = std::move(save);
    return std::nullopt;
  }

  Status sums() {
    if (options_.checksums) {
      auto loaded = pipelines::ChecksumFile::load(*options_.checksums);
      if (!loaded) return Error(Errc::bad_input, "--checksums: " + text::escaped(loaded.error().message));
      config_.fetch.checksums = std::move(*loaded);
    }
    if (!options_.hash) return std::nullopt;
    if (pipelines::check_digests(*options_.hash)) {
      return not_taken("--hash", *options_.hash, "sha256, sha1, md5, sha512, or several with commas between");
    }
    for (const auto name : text::split(*options_.hash, ',')) {
      config_.fetch.hash.push_back(*pipelines::digest_kind(name));
    }
    return std::nullopt;
  }

  Status hook() {
    if (!options_.exec) return std::nullopt;
    auto words = split_words(*options_.exec);
    if (!words) {
      return Error(Errc::bad_input,
                   fmt::format("--exec: {}: {}; takes a command, its words quoted as in a shell",
                               text::in_quotes(*options_.exec, 400), words.error().message));
    }
    for (const auto& word : *words) {
      if (const auto fault = pipelines::check_text(word)) {
        return Error(Errc::bad_input,
                     fmt::format("--exec: {}: at character {}: {}", text::in_quotes(word, 400),
                                 fault->offset + 1, text::escaped(fault->message)));
      }
    }
    config_.exec.emplace().argv = std::move(*words);
    return std::nullopt;
  }

  // A directory that stands there is meant as it is written; `out/{host}/` is a template.
  std::string file_template() const {
    const std::string below = options_.output_dir ? directory(*options_.output_dir) : "";
    if (!options_.output) return below + "{name}";
    const std::string& value = *options_.output;
    if (below.empty() && system_.is_directory(value)) return directory(value) + "{name}";
    return below + value + (value.back() == '/' ? "{name}" : "");
  }

  static std::string directory(const std::string& value) {
    std::string text;
    for (const char c : value) text.append(c == '{' || c == '}' ? 2 : 1, c);
    if (text.back() != '/') text += '/';
    return text;
  }

  Status results() {
    constexpr Choice<bool> kOrders[]{{"completion", false}, {"input", true}};
    bool in_order = false;
    if (auto e = read_choice("--order", options_.order, kOrders, in_order)) return e;
    if (auto e = format()) return e;
    if (in_order) {
      // Well above the cap, so that a slow record does not idle the slots of those behind it.
      config_.ordered = pipelines::OrderedArgs{std::max<std::size_t>(1000, 4 * config_.fetch.n)};
    }
    return included();
  }

  Status format() {
    using Format = pipelines::WriteArgs::Format;
    constexpr Choice<Format> kFormats[]{{"json", Format::json}, {"csv", Format::csv}, {"tsv", Format::tsv}};
    auto& write = config_.write;
    const bool is_template = options_.format && options_.format->find('{') != std::string::npos;
    if (is_template) {
      write.format = Format::text;
      write.text = *options_.format;
      if (const auto fault = pipelines::check_text(write.text)) {
        return Error(Errc::bad_input,
                     fmt::format("--format: {}: at character {}: {}", text::in_quotes(write.text, 400),
                                 fault->offset + 1, text::escaped(fault->message)));
      }
    } else if (auto e = read_choice("--format", options_.format, kFormats, write.format)) {
      e->message += ", or a template such as '{status} {url}'";
      return e;
    }
    if (!options_.fields) return std::nullopt;
    if (is_template)
      return Error(Errc::bad_input, "--fields: --format is a template, which names its fields itself");
    if (const auto fault = pipelines::check_fields(*options_.fields)) {
      return Error(Errc::bad_input,
                   fmt::format("--fields: {}: at character {}: {}", text::in_quotes(*options_.fields, 400),
                               fault->offset + 1, text::escaped(fault->message)));
    }
    for (const auto field : text::split(*options_.fields, ',')) write.fields.emplace_back(field);
    return std::nullopt;
  }

  Status included() {
    if (!options_.include) return std::nullopt;
    if (config_.write.format == pipelines::WriteArgs::Format::text) {
      return Error(Errc::bad_input, "--include: --format is a template, which names its fields itself");
    }
    for (const auto name : text::split(*options_.include, ',')) {
      if (name != "body" && name != "headers") {
        return not_taken("--include", *options_.include, "body, headers, or body,headers");
      }
      config_.write.include.emplace_back(name);
    }
    return std::nullopt;
  }

  Status reporting() { return read_session_options(options_, system_, config_.session); }

  const GetOptions& options_;
  System& system_;
  GetConfig config_;
};

}  // namespace

Result<GetConfig> validate(const GetOptions& options, System& system) {
  return Validation(options, system).run();
}

pipelines::Plan make_plan(const GetConfig& config) {
  pipelines::Plan plan;
  std::visit([&](const auto& source) { plan.stages.emplace_back(source); }, config.source);
  if (config.dedupe) plan.stages.emplace_back(*config.dedupe);
  plan.stages.emplace_back(config.fetch);
  // Without a template it is what fetch does anyway for a line that names a file of its own.
  if (config.save && !(*config.save == pipelines::SaveArgs())) plan.stages.emplace_back(*config.save);
  if (config.exec) plan.stages.emplace_back(*config.exec);
  if (config.ordered) plan.stages.emplace_back(*config.ordered);
  plan.stages.emplace_back(config.write);
  return plan;
}

}  // namespace leat::cli
