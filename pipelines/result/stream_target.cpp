#include "pipelines/result/stream_target.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/io/confined_path.hpp"
#include "engine/io/standing.hpp"
#include "pipelines/expr/template.hpp"

namespace leat::pipelines {

namespace {

constexpr std::array<std::string_view, 3> kStandardOutputs{"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"};
constexpr std::array<std::string_view, 3> kDescriptors{"/dev/stderr", "/dev/fd/", "/proc/self/fd/"};

StreamTarget::Kind kind_of(const std::string& path) {
  using Kind = StreamTarget::Kind;
  // What these lead to may be a file, and is one's own output all the same.
  if (path == "-" ||
      std::find(kStandardOutputs.begin(), kStandardOutputs.end(), path) != kStandardOutputs.end())
    return Kind::standard_output;
  if (std::any_of(kDescriptors.begin(), kDescriptors.end(),
                  [&](std::string_view name) { return path.starts_with(name); }))
    return Kind::node;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))
    return Kind::none;
  if (S_ISSOCK(status.st_mode)) return Kind::socket;
  return io::is_null_device(status) ? Kind::nothing : Kind::node;
}

}  // namespace

StreamTarget stream_target_of(const std::string& file_template) {
  StreamTarget target;
  const auto compiled = NameTemplate::compile(file_template);
  if (!compiled || compiled.value().parts().size() != 1 || compiled.value().parts().front().is_field)
    return target;
  const auto& name = compiled.value();
  target.path = name.base() == "." ? name.parts().front().text
                                   : io::joined_path(name.base(), name.parts().front().text);
  target.kind = kind_of(target.path);
  return target;
}

}  // namespace leat::pipelines
