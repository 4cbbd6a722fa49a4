#pragma once

#include "pipelines/extract/page_wire.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// What relative URLs found in a record's body stand against: the URL the body came from.
[[nodiscard]] inline const std::string& base_url(const Record& record) noexcept {
  const bool fetched = record.response && !record.response->url_effective.empty();
  return fetched ? record.response->url_effective : record.request.url;
}

/// A record's body with what must be known to read it. Refers to the record.
[[nodiscard]] inline PageQuestion page_of(const Record& record) {
  PageQuestion page;
  if (record.response) page.content_type = record.response->head.headers.find("content-type").value_or("");
  page.url = base_url(record);
  if (record.body) page.body = *record.body;
  return page;
}

}  // namespace leat::pipelines
