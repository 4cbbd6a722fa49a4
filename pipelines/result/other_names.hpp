#pragma once

#include <string>
#include <vector>

#include "pipelines/expr/template.hpp"
#include "pipelines/result/file_name.hpp"

namespace leat::pipelines {

/// Whether the template says which URL a file is of, so that there are other names to say it better.
[[nodiscard]] bool has_other_names(const NameTemplate& name) noexcept;

/// The names that a file may have in place of `path`, which another URL's file has, in the order in which
/// they are tried. `path` is what expand_name has made of the same template and source.
///
/// The folders of the URL's path are put in front of the last component, the innermost first, as many as it
/// takes: "copyright", "pkg/copyright", "doc/pkg/copyright"; at last the host, and the host with its port.
/// Each of these may have the query behind it, "download@id=7", which comes first if the page is known by
/// another query (`same_page`). What the template names already is left out. Without {name}, {stem}, {ext} or
/// {path} in the template there is no other name.
[[nodiscard]] std::vector<std::string> other_names(const std::string& path, const NameTemplate& name,
                                                   const NameSource& source, bool same_page);

}  // namespace leat::pipelines
