#pragma once

#include <string>

namespace leat::redis {

/// The name of this process for others that meet it at a Redis server: `host:pid`, which says on which
/// machine it is to be looked for. It need not be unique, since containers may have names and numbers alike.
[[nodiscard]] std::string process_name();

}  // namespace leat::redis
