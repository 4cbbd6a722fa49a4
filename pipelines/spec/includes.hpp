#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/spec/ast.hpp"
#include "pipelines/spec/diagnostics.hpp"
#include "pipelines/spec/source.hpp"

namespace leat::pipelines {

/// The files that a spec includes. Each is read and parsed once.
///
/// A name is relative to the directory of the file that includes it; for a spec that is given as an argument,
/// it is relative to the working directory. It is a fault if a file includes itself, directly or through
/// others, and if there are more than kMaxIncludes in all.
class Includes {
 public:
  static constexpr std::size_t kMaxIncludes = 100;

  using ReadFile = std::function<Result<std::string>(const std::string& path)>;

  /// `file` is the spec's own; it is empty if the spec is no file.
  Includes(SourceTexts& sources, FaultList& faults, const std::string& file, const ReadFile& read_file);

  /// Calls `use` with what the file of that name holds; does not call it if a fault was reported.
  void with(const ast::Value& name, const std::function<void(const ast::Pipeline&)>& use);

 private:
  [[nodiscard]] std::string path_of(const ast::Value& name) const;
  [[nodiscard]] bool is_open(const std::string& path) const;
  const ast::Pipeline* load(const std::string& path, const ast::Value& name);

  SourceTexts& sources_;
  FaultList& faults_;
  const ReadFile& read_file_;
  bool is_file_;                   // says whether the spec itself is a file
  std::vector<std::string> open_;  // the files from the spec to the one that is being bound
  std::map<std::string, std::unique_ptr<const ast::Pipeline>> files_;
  std::size_t count_ = 0;
};

}  // namespace leat::pipelines
