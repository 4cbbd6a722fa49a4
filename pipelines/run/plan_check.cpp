#include <string>
#include <variant>

#include "engine/http/message/url.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/plan/for_each_fetch.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/stages/stage_table.hpp"

namespace leat::pipelines {

namespace {

Error misplaced(const StageArgs& args, const char* why) {
  return Error(Errc::bad_input, "\"" + std::string(stage_row(args).signature.name) + "\" " + why);
}

Status check_values(const StageArgs& args) {
  if (const auto* fetch = std::get_if<FetchArgs>(&args); fetch != nullptr && fetch->n == 0) {
    return misplaced(args, "takes n of at least 1");
  }
  if (const auto* fetch = std::get_if<FetchArgs>(&args); fetch != nullptr && fetch->threads == 0) {
    return misplaced(args, "takes threads of at least 1");
  }
  if (const auto* ordered = std::get_if<OrderedArgs>(&args); ordered != nullptr && ordered->window == 0) {
    return misplaced(args, "takes a window of at least 1");
  }
  if (const auto* save = std::get_if<SaveArgs>(&args); save != nullptr && !save->file_template.empty()) {
    if (auto compiled = NameTemplate::compile(save->file_template); !compiled) return compiled.error();
  }
  return std::nullopt;
}

Status check_fetch(const FetchArgs& args) {
  const http::ClientOptions& client = args.client;
  if (auto error = http::check_wire(client.wire)) return error;
  for (const auto& field : client.headers) {
    if (auto error = http::check_header(field)) return error;
  }
  if (client.wire.has_jar() && args.threads > 1) {
    return Error(Errc::bad_input,
                 "cookies are kept by one thread; with \"cookie\" and \"cookie-jar\" leave out \"threads\"");
  }
  if (args.upload && args.body) {
    return Error(Errc::bad_input, "a request has one body: \"upload\", or data, not both");
  }
  return std::nullopt;
}

Status check_fetches(const Plan& plan) {
  Status error;
  for_each_fetch(plan, [&error](const FetchArgs& args) {
    if (!error) error = check_fetch(args);
  });
  return error;
}

}  // namespace

Status check_plan(const Plan& plan) {
  if (plan.stages.empty()) return Error(Errc::bad_input, "the plan has no stage");
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    const StageArgs& args = plan.stages[i].args;
    const StageKind kind = stage_row(args).signature.kind;
    if ((i == 0) != (kind == StageKind::source)) {
      return misplaced(args, i == 0 ? "is no source: a plan begins with one" : "is a source: it comes first");
    }
    if ((i + 1 == plan.stages.size()) != (kind == StageKind::sink)) {
      return misplaced(args, kind == StageKind::sink ? "is an end: nothing comes after it"
                                                     : "is no end: a plan ends with one");
    }
    if (auto error = check_values(args)) return error;
  }
  return check_fetches(plan);
}

}  // namespace leat::pipelines
