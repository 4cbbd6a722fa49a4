#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/error.hpp"
#include "engine/http/client.hpp"

namespace leat::pipelines {

struct Plan;
using PlanPtr = std::shared_ptr<const Plan>;

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

/// write: a line of JSON for each record, to a file or to standard output ("-").
struct WriteArgs {
  bool include_body = false;
  bool include_headers = false;
  std::string to = "-";
};

/// tee: a copy of each record goes through the block as well.
struct TeeArgs {
  PlanPtr block;
};

/// limit: passes the first `n` records on, then ends what comes before.
struct LimitArgs {
  std::uint64_t n = 0;
};

/// skip: drops the first `n` records.
struct SkipArgs {
  std::uint64_t n = 0;
};

/// sample: passes each record on with that probability.
struct SampleArgs {
  double fraction = 1;
  std::uint64_t seed = 0;  // 0: another one each run
};

/// delay: passes each record on that long after it came.
struct DelayArgs {
  async::Duration time{0};
};

/// null: takes records and prints nothing.
struct NullArgs {};

using StageArgs = std::variant<LinesArgs, UrlsArgs, FetchArgs, SaveArgs, OrderedArgs, WriteArgs, TeeArgs,
                               LimitArgs, SkipArgs, SampleArgs, DelayArgs, NullArgs>;

/// A stage of a plan: its own arguments, and those that every stage takes.
struct PlannedStage {
  template <class Args>
  requires std::is_constructible_v<StageArgs, Args> PlannedStage(Args own) : args(std::move(own)) {}

  StageArgs args;
  PlanPtr on_error;                   // where records go that fail here; null: on to the end
  std::optional<std::size_t> n = {};  // records in work at once, where the stage has no `n` of its own
  async::Duration timeout{0};         // for one record, where the stage has none of its own; 0: none
};

/// A whole pipeline, a source first, an end last; or a block, which begins with another stage. `get` builds
/// one from its options, the spec language's binder builds the same.
struct Plan {
  std::vector<PlannedStage> stages;
};

/// Everything that can be wrong with a plan before any I/O: bad_input.
[[nodiscard]] Status check_plan(const Plan& plan);

}  // namespace leat::pipelines
