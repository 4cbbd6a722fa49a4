#include "pipelines/spec/includes.hpp"

#include <algorithm>
#include <filesystem>

#include "pipelines/spec/parser.hpp"

namespace leat::pipelines {

namespace {

std::string normal(const std::filesystem::path& path) { return path.lexically_normal().string(); }

}  // namespace

Includes::Includes(SourceTexts& sources, FaultList& faults, const std::string& file,
                   const ReadFile& read_file)
    : sources_(sources), faults_(faults), read_file_(read_file), is_file_(!file.empty()) {
  if (is_file_) open_.push_back(normal(file));
}

std::string Includes::path_of(const ast::Value& name) const {
  const bool from_argument = name.span.source == 0 && !is_file_;
  const std::filesystem::path from = from_argument ? "" : sources_.name(name.span.source);
  return normal(from.parent_path() / name.text);
}

bool Includes::is_open(const std::string& path) const {
  return std::find(open_.begin(), open_.end(), path) != open_.end();
}

void Includes::with(const ast::Value& name, const std::function<void(const ast::Pipeline&)>& use) {
  if (name.damaged) return;
  const bool is_text = name.kind == ast::ValueKind::word || name.kind == ast::ValueKind::quoted;
  if (!is_text || name.text.empty()) {
    faults_.add(name.span, "include takes the name of a file, as in: include \"common.leat\"");
    return;
  }
  const auto path = path_of(name);
  if (is_open(path)) {
    std::string way;
    for (auto at = std::find(open_.begin(), open_.end(), path); at != open_.end(); ++at) way += *at + " → ";
    faults_.add(name.span, in_quotes(name.text) + " includes itself: " + way + path);
    return;
  }
  if (++count_ > kMaxIncludes) {
    faults_.add(name.span, "more than " + std::to_string(kMaxIncludes) + " includes");
    return;
  }
  const ast::Pipeline* file = load(path, name);
  if (file == nullptr) return;
  open_.push_back(path);
  use(*file);
  open_.pop_back();
}

const ast::Pipeline* Includes::load(const std::string& path, const ast::Value& name) {
  if (const auto found = files_.find(path); found != files_.end()) return found->second.get();
  auto text =
      read_file_ ? read_file_(path) : Result<std::string>(Error(Errc::file_error, "files are not read here"));
  if (!text) {
    faults_.add(name.span, "can't include " + in_quotes(path) + ": " + text.error().message);
    return nullptr;
  }
  const auto source = sources_.add(path, std::move(*text));
  auto parsed = std::make_unique<const ast::Pipeline>(parse_spec(sources_, source, faults_).tree);
  return files_.emplace(path, std::move(parsed)).first->second.get();
}

}  // namespace leat::pipelines
