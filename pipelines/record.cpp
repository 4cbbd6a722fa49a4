#include "pipelines/record.hpp"

#include <utility>

namespace leat::pipelines {

void Record::fail(Error why, const char* stage) {
  outcome = why.code == Errc::cancelled ? Outcome::cancelled : Outcome::failed;
  why.stage = stage;
  error = std::move(why);
}

}  // namespace leat::pipelines
