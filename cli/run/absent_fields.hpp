#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/spec/bound.hpp"

namespace leat::cli {

/// Follows the records of a pipeline from stage to stage, and knows which fields none of them can have at
/// that place: those of an answer where nothing has fetched since the records were made, `.filename` where
/// nothing has saved, and places below `.meta` where it is known what fills it.
///
/// It only says what is certain: what a list, a program or a server gives may hold anything. An unknown stage
/// may do anything.
class AbsentFields {
 public:
  /// Of what a source's records have.
  AbsentFields() = default;

  /// From here on the records are those behind that stage.
  void pass(const pipelines::BoundStage& stage);
  /// What holds in the argument of that stage that has that key; "" for one without.
  [[nodiscard]] AbsentFields within(const pipelines::BoundStage& stage, std::string_view key) const;

  /// Why no record has that field of the record itself; empty if one may.
  [[nodiscard]] std::string why_absent(std::string_view field) const;
  /// The same of a place below `.meta`, such as "meta.a.b".
  [[nodiscard]] std::string why_no_meta(std::string_view path) const;

 private:
  void make_anew(std::string_view maker);
  void fill(std::string_view place);

  bool is_source_ = true;
  bool fetched_ = false;
  bool saved_ = false;
  std::string maker_;                               // the stage that made the records; empty: the source
  std::optional<std::vector<std::string>> filled_;  // the places below meta; nothing: there may be any
};

}  // namespace leat::cli
