#include "pipelines/flow/job_item.hpp"

#include <string_view>
#include <utility>

#include "engine/text/hash.hpp"
#include "pipelines/state/job.hpp"

namespace leat::pipelines {

std::uint64_t place_of(const Record& record, const RunContext& context) {
  const std::string_view origin = record.request.url.origin();
  return origin.empty() ? text::mix64(record.id) : place_of(origin, record.id, context.job->parts());
}

FrontierItem to_item(const Record& record, std::uint64_t key, std::string text, RunContext& context) {
  FrontierItem item(key, std::move(text));
  context.secrets.seal(item.record);
  item.depth = record.depth;
  item.parent = record.parent;
  item.id = record.id;
  return item;
}

}  // namespace leat::pipelines
