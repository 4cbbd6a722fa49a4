#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "engine/error.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/plan.hpp"
#include "pipelines/stages/name_set.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// save: the body becomes a file, named by the template, or by the line's own `output` below the template's
/// base. A name that this run has taken is never written a second time.
///
/// Behind `fetch` it is fused with it: `claim` comes before the request, and the body streams into the
/// claim's file. Outlives its claims. Loop thread only.
class Save final : public RecordStage {
 public:
  class Claim;

  /// bad_input for a template that does not compile. An empty template saves only what has an `output`.
  static Result<std::unique_ptr<Save>> make(const SaveArgs& args);

  /// The file that this record's body is to become; nothing if it is none, or if the record is now skipped
  /// because the file is there. Errors: name_refused, file_exists, file_error, bad_input.
  Result<std::optional<Claim>> claim(Record& record);

  /// Writes a body that is held in memory.
  async::Task<void> apply(Record& record) override;

 private:
  Save(const SaveArgs& args, std::optional<NameTemplate> compiled)
      : template_(std::move(compiled)), on_exist_(args.on_exist) {}

  Result<std::string> path_of(const Record& record) const;
  [[nodiscard]] const std::string& base() const noexcept;
  Result<std::optional<Claim>> renamed(const std::string& path);

  std::optional<NameTemplate> template_;
  OnExist on_exist_;
  NameSet taken_;
  std::unordered_map<std::string, unsigned> last_number_;  // of names that had to be numbered
};

/// A name that belongs to one record: given back when destroyed, unless the file was written.
class Save::Claim {
 public:
  Claim(Save& owner, std::string path, bool replace, bool has_note) noexcept
      : owner_(&owner), path_(std::move(path)), replace_(replace), has_note_(has_note) {}
  Claim(Claim&& other) noexcept
      : owner_(std::exchange(other.owner_, nullptr)),
        path_(std::move(other.path_)),
        replace_(other.replace_),
        has_note_(other.has_note_),
        written_(other.written_) {}
  Claim& operator=(Claim&&) = delete;
  ~Claim() {
    if (owner_ != nullptr && !written_) owner_->taken_.erase(path_);
  }

  void written() noexcept { written_ = true; }
  [[nodiscard]] bool replace() const noexcept { return replace_; }
  /// An earlier run may have left a part of it to go on with.
  [[nodiscard]] bool has_note() const noexcept { return has_note_; }
  /// So may this one.
  [[nodiscard]] bool keeps_part() const noexcept { return owner_->on_exist_ == OnExist::resume; }
  [[nodiscard]] const std::string& base() const noexcept { return owner_->base(); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  Save* owner_;
  std::string path_;
  bool replace_;
  bool has_note_;
  bool written_ = false;
};

/// How a file is named to people: the base and the path below it.
[[nodiscard]] std::string shown_path(const std::string& base, const std::string& path);

}  // namespace leat::pipelines
