#include "pipelines/stages/record/hash.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "engine/async/to_thread.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/options/checks.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/record/checksum.hpp"
#include "pipelines/result/assign.hpp"

namespace leat::pipelines {

namespace {

std::string digest_of(const std::string& algorithm, std::string_view bytes) {
  Digest digest(algorithm.c_str());
  digest.update(bytes);
  return digest.finish();
}

/// hash: the digest of the body as lower-case hex, in `.meta.sha256` or where `as=` says; worked out on a
/// thread of the pool where the body is large.
class Hash final : public RecordStage {
 public:
  Hash(HashArgs args, RunContext& context);
  async::Task<void> apply(Record& record) override;

 private:
  HashArgs args_;
};

}  // namespace

Hash::Hash(HashArgs args, RunContext& /*context*/) : args_(std::move(args)) {
  if (args_.as.empty()) args_.as = std::string(kMeta).append(args_.algorithm);
}

async::Task<void> Hash::apply(Record& record) {
  constexpr std::size_t kLarge = 256 * 1024;  // about a millisecond
  std::string hex;
  if (!record.body || record.body_as_it_came().size() < kLarge) {
    hex = digest_of(args_.algorithm, record.body ? record.body_as_it_came() : std::string());
  } else {
    // The body is lent to the thread, which owns it should the wait be cancelled.
    auto body = std::make_shared<const std::string>(std::move(record.body_as_it_came()));
    const auto work = [body, algorithm = args_.algorithm] { return digest_of(algorithm, *body); };
    auto working = async::to_thread(work);
    hex = co_await std::move(working);
    record.body_as_it_came() = *body;
  }
  const auto path = std::string_view(args_.as).substr(kMeta.size());
  if (auto error = assign_meta(record, path, json_text(hex))) record.fail(std::move(*error), "hash");
}

const StageRow& row_of(const HashArgs& /*args*/) noexcept {
  static const StageType<HashArgs> row({
      .signature = {.name = "hash",
                    .kind = StageKind::record,
                    .help = "puts a digest of the body into meta",
                    .example = "lines \"urls.txt\" | fetch | hash sha256 as=meta.sum"},
      .args = {arg<&HashArgs::algorithm>({.name = "ALGORITHM",
                                          .type = ArgType::word,
                                          .help = "sha256, sha1, md5 or sha512 (default sha256)",
                                          .choices = kDigests}),
               arg<&HashArgs::as>({.key = "as",
                                   .name = "PLACE",
                                   .type = ArgType::text,
                                   .help = "where it goes (default meta.ALGORITHM)",
                                   .check = check_meta_place})},
      .make = make_stage<RecordStage, Hash, HashArgs>,
      .facts =
          [](const HashArgs&) {
            return StageFacts{.reads_body = true, .ends_by_itself = true, .reach = 0, .reads_bytes = true};
          },
      .notes =
          [](const HashArgs&) {
            return std::string("needs body; large ones are worked on by the threads of the pool");
          },
  });
  return row;
}

}  // namespace leat::pipelines
