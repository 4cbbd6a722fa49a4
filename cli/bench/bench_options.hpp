#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/flag.hpp"
#include "cli/options/options.hpp"
#include "engine/error.hpp"

namespace leat::cli {

/// What was typed after `leat bench`, nothing of it checked. Where an option came twice the later one stands.
struct BenchOptions : RequestOptions {
  bool help = false;
  bool quiet = false;
  std::vector<std::string> urls;
  std::vector<std::string> inputs;
  std::optional<std::string> data_csv;

  std::optional<std::string> concurrency;
  std::optional<std::string> requests;
  std::optional<std::string> duration;
  std::optional<std::string> rate;
  std::optional<std::string> arrival;
  std::optional<std::string> stages;
  std::optional<std::string> think;
  std::optional<std::string> warmup;
  std::optional<std::string> threads;
  std::optional<std::string> seed;

  std::optional<std::string> timeout;
  std::optional<std::string> connect_timeout;
  bool no_keepalive = false;
  bool full = false;
  bool http2 = false;
  std::optional<std::string> streams;
  std::optional<std::string> unix_socket;
  std::vector<std::string> resolve;
  std::optional<std::string> dns_ttl;
  std::optional<std::string> proxy;
  std::optional<std::string> cacert;

  std::vector<std::string> checks;
  std::optional<std::string> check_mode;
  std::optional<std::string> find_rate;
  std::optional<std::string> versus;
  bool compare = false;
  bool strict = false;
  bool calibrate = false;
  std::optional<std::string> format;
  std::optional<std::string> save;
  std::optional<std::string> html;
  std::optional<std::string> samples;
  std::optional<std::string> progress;
};

/// The flags of `leat bench`, in the order of its help.
[[nodiscard]] std::span<const Flag> bench_flags();

/// The Error says what is wrong with which argument.
[[nodiscard]] Result<BenchOptions> parse_bench_options(std::span<const std::string_view> arguments);

}  // namespace leat::cli
