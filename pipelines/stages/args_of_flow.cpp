#include "pipelines/stages/stage_args.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace leat::pipelines {

namespace {

constexpr std::array kBatchRows{ArgRow{.key = "n",
                                       .name = "N",
                                       .type = ArgType::count,
                                       .help = "records in one batch",
                                       .least = 1,
                                       .most = 1'000'000},
                                ArgRow{.key = "within",
                                       .name = "T",
                                       .type = ArgType::duration,
                                       .help = "a batch goes on after T, full or not (default never)",
                                       .least = 1}};

constexpr std::array kRateRows{
    ArgRow{.name = "R", .type = ArgType::rate, .help = "how many: 50/s, 10/min", .required = true},
    program_row("key", "records of each key by themselves (default all together)"), asked_row("key")};

constexpr std::array kDelayRows{
    ArgRow{.name = "T", .type = ArgType::duration, .help = "how long", .required = true}};

constexpr std::array kOrderedRows{
    ArgRow{.key = "window",
           .name = "N",
           .type = ArgType::count,
           .help = "how far the fastest may be ahead of the slowest (default 1000)",
           .least = 1,
           .most = 1'000'000}};

constexpr std::array kTeeRows{
    ArgRow{.name = "{…}", .type = ArgType::block, .help = "where the copies go", .required = true}};

}  // namespace

std::span<const ArgRow> batch_rows() noexcept { return kBatchRows; }
std::span<const ArgRow> rate_rows() noexcept { return kRateRows; }
std::span<const ArgRow> delay_rows() noexcept { return kDelayRows; }
std::span<const ArgRow> ordered_rows() noexcept { return kOrderedRows; }
std::span<const ArgRow> tee_rows() noexcept { return kTeeRows; }

StageArgs bind_batch(const BoundStage& stage) {
  BatchArgs args;
  ArgReader(stage).read("n", args.n);
  ArgReader(stage).read("within", args.within);
  return args;
}

std::optional<std::string> verify_batch(const BoundStage& stage) {
  if (stage.find("n") != nullptr || stage.find("within") != nullptr) return verify_waiting(stage);
  return "\"batch\" takes n=, within= or both";
}

std::optional<std::string> verify_waiting(const BoundStage& stage) {
  if (stage.find("on-error") == nullptr || stage.find("timeout") != nullptr) return std::nullopt;
  return "\"" + std::string(stage.signature->name) +
         "\" takes on-error= together with timeout=: nothing else fails in it";
}

StageArgs bind_rate(const BoundStage& stage) {
  RateArgs args;
  ArgReader(stage).read("R", args.rate);
  ArgReader(stage).read("key", args.key);
  return args;
}

StageArgs bind_delay(const BoundStage& stage) {
  DelayArgs args;
  ArgReader(stage).read("T", args.time);
  return args;
}

StageArgs bind_ordered(const BoundStage& stage) {
  OrderedArgs args;
  ArgReader(stage).read("window", args.window);
  return args;
}

StageArgs bind_tee(const BoundStage& stage) {
  TeeArgs args;
  ArgReader(stage).read("{…}", args.block);
  return args;
}

}  // namespace leat::pipelines
