#include "pipelines/stages/record/verify.hpp"

#include <memory>
#include <utility>

#include "engine/io/file_error.hpp"
#include "engine/io/standing.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/options/checksum_file.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/plan/text_use.hpp"
#include "pipelines/stages/sink/save.hpp"
#include "pipelines/stages/sink/standing_sums.hpp"

namespace leat::pipelines {

namespace {

constexpr const char* kStage = "verify";

/// verify: a record is ok if its file has the sums that are known of it, skipped if none is known, and fails
/// if the file is missing or has others. Nothing is fetched, and no file is touched. Names are those that a
/// `save` of the same template gives, so it is asked for them.
class Verify final : public RecordStage {
 public:
  explicit Verify(RunContext& run) : run_(run) {}
  Status open(const VerifyArgs& args);
  async::Task<void> apply(Record& record) override;

 private:
  async::Task<Status> compare(Record& record, const Save::Claim& claim);

  RunContext& run_;
  std::unique_ptr<Save> save_;
};

Status Verify::open(const VerifyArgs& args) {
  SaveArgs naming;
  naming.file_template = args.file_template;
  naming.on_exist = OnExist::skip;
  auto made = Save::make(naming);
  if (!made) return std::move(made.error());
  save_ = std::move(*made);
  std::shared_ptr<const ChecksumFile> sums;
  if (!args.checksums.empty()) {
    auto loaded = ChecksumFile::load(args.checksums);
    if (!loaded) return std::move(loaded.error());
    sums = std::move(*loaded);
  }
  return save_->join(run_, std::move(sums));
}

async::Task<void> Verify::apply(Record& record) {
  if (!record.is_live()) co_return;
  auto claimed = save_->claim(record);
  if (!claimed) {
    record.fail(std::move(claimed.error()), kStage);
    co_return;
  }
  if (!*claimed) {
    if (record.outcome != Outcome::skipped) co_return;
    record.fail(Error(Errc::bad_input, "no checksum of it is known"), kStage);
    record.outcome = Outcome::skipped;
    co_return;
  }
  auto comparing = compare(record, **claimed);
  auto failed = co_await std::move(comparing);
  if (failed) record.fail(std::move(*failed), kStage);
}

async::Task<Status> Verify::compare(Record& record, const Save::Claim& claim) {
  if (claim.is_provisional()) {
    co_return Error(Errc::name_refused, "the file's name is known only from the answer of a server");
  }
  record.filename = claim.shown();
  auto file = io::open_standing(claim.base(), claim.path());
  if (!file) co_return std::move(file.error());
  auto reading = sums_of_file(std::move(*file), kinds_of(record.expected));
  auto sums = co_await std::move(reading);
  if (!sums) co_return io::file_failure(sums.error().os_errno, "read", record.filename);
  record.digests = std::move(*sums);
  co_return compare_sums(record.digests, record.expected);
}

}  // namespace

const StageRow& row_of(const VerifyArgs& /*args*/) noexcept {
  static const StageType<VerifyArgs> row({
      .signature = {.name = kStage,
                    .kind = StageKind::record,
                    .help = "compares files that were saved with their checksums, without a network",
                    .example = "lines \"urls.txt\" | verify \"out/{name}\" "
                               "on-error={ write json to=\"damaged.jsonl\" }"},
      .args = {arg<&VerifyArgs::file_template>({.name = "TEMPLATE",
                                                .type = ArgType::text,
                                                .help = "the files' name, as save's: \"out/{host}/{name}\"",
                                                .required = true,
                                                .check = check_name_template}),
               arg<&VerifyArgs::checksums>(
                   {.key = "checksums",
                    .name = "FILE",
                    .type = ArgType::path,
                    .help = "a list of sums, as sha256sum prints it (default the records' own)",
                    .check = check_checksum_file})},
      .make = [](const VerifyArgs& args, RunContext& context) -> Result<AnyStage> {
        auto made = std::make_unique<Verify>(context);
        if (auto error = made->open(args)) return std::move(*error);
        return AnyStage(std::unique_ptr<RecordStage>(std::move(made)));
      },
      .facts =
          [](const VerifyArgs&) {
            return StageFacts{.reads_body = false, .ends_by_itself = true, .reach = 0};
          },
      .notes = no_notes<VerifyArgs>,
  });
  return row;
}

}  // namespace leat::pipelines
