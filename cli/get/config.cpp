#include "cli/get/config.hpp"

#include <utility>

#include "cli/options/session_options.hpp"

namespace leat::cli {

Result<GetConfig> read_get_config(const Given& given, System& system) {
  GetConfig config;
  auto spec = get_spec(given, system);
  if (!spec) return std::move(spec.error());
  auto plan = plan_of(*spec);
  if (!plan) return std::move(plan.error());
  config.spec = std::move(*spec);
  config.plan = std::move(*plan);
  if (auto error = read_session_options(given, system, config.session)) return std::move(*error);
  return config;
}

}  // namespace leat::cli
