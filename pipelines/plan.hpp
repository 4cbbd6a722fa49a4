#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/error.hpp"
#include "engine/http/client.hpp"

namespace leat::pipelines {

/// lines: a record for each line of a file, or of standard input ("-").
struct LinesArgs {
  std::string path = "-";
};

/// urls: a record for each URL that is named in the plan itself.
struct UrlsArgs {
  std::vector<std::string> urls;
};

/// fetch: sends each record's request, `n` at once; results go on in completion order.
struct FetchArgs {
  std::size_t n = 32;
  std::size_t threads = 1;      // that transfers run on
  std::size_t per_host = 0;     // transfers at once to one origin; 0: as many as n
  double rate = 0;              // starts a second, all together; 0: no limit
  double per_host_rate = 0;     // and to one origin
  std::size_t window = 10'000;  // records read ahead of those whose origin must wait
  int retry = 3;
  async::Duration retry_max_time{std::chrono::minutes(10)};
  bool fail_on_status = false;  // 400 and above is failed/http_status
  std::uint64_t body_limit = 16u << 20;
  std::string method;               // -X, where a record names none
  std::optional<std::string> body;  // -d, where a record brings none
  http::ClientOptions client;
};

enum class OnExist : std::uint8_t { skip, overwrite, rename, fail };

/// save: the body becomes a file, named by the template or by the line's own `output`; by that alone where
/// the template is empty.
struct SaveArgs {
  std::string file_template;
  OnExist on_exist = OnExist::skip;
};

/// ordered: puts records back into the order of input, at most `window` ahead.
struct OrderedArgs {
  std::size_t window = 1000;
};

/// write: a line of JSON for each record, to standard output.
struct WriteArgs {
  bool include_body = false;
  bool include_headers = false;
};

using StageArgs = std::variant<LinesArgs, UrlsArgs, FetchArgs, SaveArgs, OrderedArgs, WriteArgs>;

/// A whole pipeline: a source first, an end last. `get` builds one from its options; the spec language's
/// parser will build the same.
struct Plan {
  std::vector<StageArgs> stages;
};

/// Everything that can be wrong with a plan before any I/O: bad_input.
[[nodiscard]] Status check_plan(const Plan& plan);

}  // namespace leat::pipelines
