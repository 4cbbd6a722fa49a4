#include "pipelines/stages/record/hash.hpp"

#include <utility>

#include "engine/async/to_thread.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/record/checksum.hpp"
#include "pipelines/result/assign.hpp"

namespace leat::pipelines {

namespace {

std::string digest_of(const std::string& algorithm, std::string_view bytes) {
  Digest digest(algorithm.c_str());
  digest.update(bytes);
  return digest.finish();
}

}  // namespace

Hash::Hash(HashArgs args, RunContext& /*context*/) : args_(std::move(args)) {
  if (args_.as.empty()) args_.as = "meta." + args_.algorithm;
}

async::Task<void> Hash::apply(Record& record) {
  constexpr std::size_t kLarge = 256 * 1024;  // about a millisecond
  std::string hex;
  if (!record.body || record.body->size() < kLarge) {
    hex = digest_of(args_.algorithm, record.body ? *record.body : std::string());
  } else {
    // The body is lent to the thread, which owns it should the wait be cancelled.
    auto body = std::make_shared<const std::string>(std::move(*record.body));
    const auto work = [body, algorithm = args_.algorithm] { return digest_of(algorithm, *body); };
    auto working = async::to_thread(work);
    hex = co_await std::move(working);
    record.body = *body;
  }
  JsonDoc doc;
  const std::string json = json_text(hex);
  doc.parse(json);
  if (auto error = assign(record, args_.as, doc.root())) record.fail(std::move(*error), "hash");
}

}  // namespace leat::pipelines
