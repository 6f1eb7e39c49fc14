#include "histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace hupd::torture {

// Values below 64 have a bucket each; above, the six bits after the leading one choose it.
std::size_t Histogram::bucket_of(std::uint64_t value) {
  if (value < sub_buckets) return static_cast<std::size_t>(value);
  const auto shift = static_cast<unsigned>(std::bit_width(value)) - sub_bits - 1;
  return (shift + 1) * sub_buckets + static_cast<std::size_t>(value >> shift) - sub_buckets;
}

std::uint64_t Histogram::upper_end(std::size_t bucket) {
  if (bucket < sub_buckets) return bucket;
  const std::size_t shift = bucket / sub_buckets - 1;
  const std::uint64_t lower = (sub_buckets + bucket % sub_buckets) << shift;
  return lower + (std::uint64_t{1} << shift) - 1;
}

void Histogram::add(std::uint64_t value) {
  ++counts_[bucket_of(value)];
  ++count_;
  max_ = std::max(max_, value);
}

std::uint64_t Histogram::percentile(double percent) const {
  if (count_ == 0) return 0;
  const double exact = std::ceil(static_cast<double>(count_) * percent / 100.0);
  const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(exact), 1, count_);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    seen += counts_[bucket];
    if (seen >= rank) return std::min(upper_end(bucket), max_);
  }
  return max_;
}

}  // namespace hupd::torture
