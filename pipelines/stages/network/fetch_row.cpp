#include "pipelines/stages/network/fetch_row.hpp"

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

#include "engine/http/message/request.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/units.hpp"
#include "pipelines/options/checksum_file.hpp"
#include "pipelines/plan/text_use.hpp"
#include "pipelines/stages/network/fetch.hpp"
#include "pipelines/stages/network/request_body.hpp"

namespace leat::pipelines {

namespace {

Error refused(const char* why) { return Error(Errc::bad_input, why); }

}  // namespace

std::size_t reach_of(const FetchArgs& args) noexcept {
  return 2 * (args.n + args.window) + 4 * kBetweenStages;
}

std::string notes_of(const FetchArgs& args) {
  std::string notes = fmt::format("{} at once", args.n);
  if (args.per_host > 0) add_note(notes, fmt::format("{} to one host", args.per_host));
  if (args.rate > 0) add_note(notes, fmt::format("{} starts/s", args.rate));
  if (args.per_host_rate > 0) add_note(notes, fmt::format("{} starts/s to one host", args.per_host_rate));
  add_note(notes, fmt::format("up to {} records wait for their host", args.window));
  if (args.race > 1) add_note(notes, fmt::format("{} of a record's mirrors at once", args.race));
  if (args.segments > 1) {
    add_note(notes, fmt::format("one body over {} connections, from {} bytes on", args.segments,
                                2 * args.min_segment));
  }
  if (args.obey_robots) add_note(notes, "what robots.txt refuses is skipped");
  if (!args.until.empty()) {
    add_note(notes, fmt::format("asks again every {} until it is true; {}",
                                text::format_in_largest_unit(args.every), program_note(args.until)));
  }
  if (args.stream != Streamed::none) add_note(notes, "its answers become records while they come");
  add_note(notes, notes_of(args.shape));
  return notes;
}

Status check_fetch(const FetchArgs& args) {
  if (args.n == 0) return refused("\"fetch\" takes n of at least 1");
  if (args.threads == 0) return refused("\"fetch\" takes threads of at least 1");
  const http::ClientOptions& client = args.client;
  if (auto error = http::check_wire(client.wire)) return error;
  for (const auto& field : client.headers) {
    if (auto error = http::check_header(field)) return error;
  }
  if (client.wire.has_jar() && args.threads > 1) {
    return refused("one thread keeps the cookies; with \"cookie\" and \"cookie-jar\" leave out \"threads\"");
  }
  if (args.checksums && args.checksums->fault()) return args.checksums->fault();
  if (args.upload && args.body) return refused("a request has one body: \"upload\", or data, not both");
  if (args.race > 1 && !args.until.empty()) return refused("until= asks one server: leave out race=");
  if (args.race > 1 && args.obey_robots)
    return refused("race= asks servers that robots.txt may refuse: say robots=ignore, or leave out race=");
  return std::nullopt;
}

StageFacts feedback_facts(const FetchArgs& args) {
  return {.reads_body = read_body(args.shape) || body_reads_body(args),
          .ends_by_itself = false,
          .reach = kAnyReach,
          .url = UrlUse::may_change,
          .reads_answer = request_reads_answer(args)};
}

std::optional<std::string> verify_fetch(const BoundStage& stage) {
  std::string bodies;
  int given = 0;
  for (const auto* key : {"body", "json", "form", "part", "upload"}) {
    if (stage.find(key) == nullptr) continue;
    bodies += (given++ == 0 ? "" : " and ") + std::string(key) + "=";
  }
  if (given > 1) return "a request has one body, and here " + bodies + " make one each";
  if (stage.find("every") != nullptr && stage.find("until") == nullptr) {
    return "every= says how often until= asks, and there is no until=";
  }
  const ArgReader args(stage);  // and not bind_fetch, which reads a file of checksums
  FetchArgs made;
  for (const auto* key : {"until", "race", "segments", "threads"}) {
    if (stage.find("stream") == nullptr || stage.find(key) == nullptr) continue;
    return "stream= reads one answer while it comes, on one thread: leave out " + std::string(key) + "=";
  }
  args.read("race", made.race);
  args.read("segments", made.segments);
  if (made.race == 1 || made.segments == 1) return std::nullopt;
  return "segments= asks all mirrors for a part each, race= for the same: one of them";
}

namespace {

constexpr std::array<std::string_view, 3> kStreamed{"lines", "sse", "json"};

// `bind_rest` reads it, since that makes all of the arguments.
ArgRow stream_row() {
  return {.key = "stream",
          .name = "WORD",
          .type = ArgType::word,
          .help =
              "make a record of each of an answer's lines, its server-sent events or its JSON values while "
              "they come (default: none)",
          .choices = kStreamed};
}

StageFacts facts_of(const FetchArgs& args) {
  return {.reads_body = read_body(args.shape) || body_reads_body(args),
          .ends_by_itself = false,
          .reach = args.stream == Streamed::none ? reach_of(args) : kAnyReach,
          .url = args.stream == Streamed::none ? UrlUse::may_change : UrlUse::of_others,  // a mirror's
          .reads_answer = request_reads_answer(args),
          .gives_no_body = args.stream != Streamed::none};
}

FetchArgs bind(const BoundStage& stage) {
  FetchArgs args = bind_fetch(stage);
  ArgReader(stage).read_choice("stream", args.stream, Streamed::lines);
  return args;
}

}  // namespace

const StageRow& row_of(const FetchArgs& /*args*/) noexcept {
  static const StageType<FetchArgs> row({
      .signature = {.name = "fetch",
                    .kind = StageKind::stage,
                    .help = "sends each record's request, n at once; records go on as they complete",
                    .example = "lines \"urls.txt\" | fetch n=8 retry=1 timeout=5s header=\"X-Id: {id}\" "
                               "fail=5xx",
                    .verify = verify_fetch},
      .args = {stream_row()},
      .make = make_stage<Stage, Fetch, FetchArgs>,
      .facts = facts_of,
      .notes = [](const FetchArgs& args) { return notes_of(args); },
      .more_args = fetch_arg_rows(),
      .bind_rest = [](const BoundStage& stage, FetchArgs& args) { args = bind(stage); },
      .check = check_fetch,
      .fetch = [](const FetchArgs& args) -> const FetchArgs& { return args; },
  });
  return row;
}

}  // namespace leat::pipelines
