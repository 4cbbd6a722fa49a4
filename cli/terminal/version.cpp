#include "cli/terminal/version.hpp"

namespace leat::cli {

std::string_view leat_version() noexcept { return LEAT_VERSION; }

}  // namespace leat::cli
