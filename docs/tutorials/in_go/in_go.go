// in_go: how often the length of a flow's packets changed, and how evenly lengths are spread. The tables that the host
// reads are C, in module.c.
package main

// #include "in_go.h"
import "C"

import (
	"fmt"
	"math"
	"math/bits"
	"os"
	"unsafe"
)

// Once for up to 64 packets: a call from C into Go costs tens of ns, so the loop is on this side.
//
//export inGoUpdate
func inGoUpdate(batch *C.fg_batch) (status C.fg_status) {
	defer fail(&status)
	for i, record := range unsafe.Slice(batch.records, batch.count) {
		packet := (*C.fg_packet)(unsafe.Add(unsafe.Pointer(batch.packets), i*int(batch.packet_stride)))
		add((*C.in_go_state)(unsafe.Add(unsafe.Pointer(record), batch.state_offset)), packet.ip_length_bytes)
	}
	return C.FG_OK
}

func add(flow *C.in_go_state, length C.uint32_t) {
	if flow.packets > 0 && flow.last != length {
		flow.changes++
	}
	flow.last = length
	flow.packets++
	flow.classes[min(bits.Len32(uint32(length)), len(flow.classes)-1)]++
}

//export inGoEmit
func inGoEmit(call *C.fg_emit) (status C.fg_status) {
	defer fail(&status)
	columns := unsafe.Slice(call.columns, 2)
	changes := cells[uint64](columns[0], call.row_count)
	spread := cells[float64](columns[1], call.row_count)
	for row, record := range unsafe.Slice(call.records, call.row_count) {
		flow := (*C.in_go_state)(unsafe.Add(unsafe.Pointer(record), call.state_offset))
		if changes != nil { // nil: nobody wants the column
			changes[row] = uint64(flow.changes)
		}
		if spread != nil {
			spread[row] = entropy(flow)
		}
	}
	return C.FG_OK
}

// Of the classes of lengths, in bits.
func entropy(flow *C.in_go_state) float64 {
	sum := 0.0
	for _, count := range flow.classes {
		if count > 0 {
			share := float64(count) / float64(flow.packets)
			sum += share * math.Log2(1/share)
		}
	}
	return sum
}

func cells[Cell any](column C.fg_vector, rows C.uint32_t) []Cell {
	if column.cells == nil {
		return nil
	}
	return unsafe.Slice((*Cell)(column.cells), rows)
}

// No panic leaves the plugin: the run ends with an error instead.
func fail(status *C.fg_status) {
	if reason := recover(); reason != nil {
		fmt.Fprintln(os.Stderr, "in_go:", reason)
		*status = C.FG_ERROR
	}
}

func main() {}
