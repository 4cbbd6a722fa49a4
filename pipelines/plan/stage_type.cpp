#include "pipelines/plan/stage_type.hpp"

namespace leat::pipelines {

ArgRow program_row(std::string_view key, std::string_view help, bool required) {
  ArgRow row;
  row.key = key;
  row.name = "(JQ)";
  row.type = ArgType::jq;
  row.help = help;
  row.required = required;
  row.check = check_program;
  return row;
}

ArgRow asked_row(std::string_view only_with) {
  ArgRow row;
  row.key = "n";
  row.name = "N";
  row.type = ArgType::count;
  row.help = "records at once if the program needs libjq (default 64)";
  row.least = 1;
  row.most = 65535;
  row.only_with = only_with;
  return row;
}

std::optional<std::string> verify_waiting(const BoundStage& stage) {
  if (stage.find("on-error") == nullptr || stage.find("timeout") != nullptr) return std::nullopt;
  return "\"" + std::string(stage.signature->name) +
         "\" takes on-error= together with timeout=: nothing else fails in it";
}

}  // namespace leat::pipelines
