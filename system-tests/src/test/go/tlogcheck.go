// Command tlogcheck checks a published log with the libraries that Go's checksum database is
// checked with (golang.org/x/mod/sumdb/note and tlog): the checkpoint's signature, every leaf and
// every tile, an inclusion proof of every leaf, and that the tree extends an older checkpoint's.
//
//	tlogcheck URL VERIFIER-KEY-FILE [OLDER-CHECKPOINT-FILE]
//
// The key of the API is taken from INDELIBLE_KEY. Ends with 0 when all holds.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8 // of tiles, https://c2sp.org/tlog-tiles

var base string

func main() {
	if err := check(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check(args []string) error {
	base = strings.TrimSuffix(args[0], "/")
	vkey, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	signed, err := get("checkpoint")
	if err != nil {
		return err
	}
	tree, err := open(signed, string(vkey))
	if err != nil {
		return err
	}
	hashes := tlog.TileHashReader(tree, tiles{})
	if err := leaves(tree, hashes); err != nil {
		return err
	}
	if len(args) > 2 {
		older, err := os.ReadFile(args[2])
		if err != nil {
			return err
		}
		if err := extends(tree, hashes, older, string(vkey)); err != nil {
			return err
		}
	}
	fmt.Printf("%d leaves hold\n", tree.N)
	return nil
}

// open checks the signature of a checkpoint and reads it.
func open(signed []byte, vkey string) (tlog.Tree, error) {
	var tree tlog.Tree
	verifier, err := note.NewVerifier(strings.TrimSpace(vkey))
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != verifier.Name() {
		return tree, fmt.Errorf("origin %q, key %q", lines[0], verifier.Name())
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	copy(tree.Hash[:], root)
	return tree, err
}

// leaves reads every entry bundle, builds the tree from it, and proves each leaf by the tiles.
func leaves(tree tlog.Tree, published tlog.HashReader) error {
	var stored []tlog.Hash
	own := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = stored[index]
		}
		return found, nil
	})
	for n := int64(0); n < tree.N; n += 1 << height {
		tile := tlog.Tile{H: height, L: 0, N: n >> height, W: 1 << height}
		if left := tree.N - n; left < 1<<height {
			tile.W = int(left)
		}
		bundle, err := get(strings.Replace(path(tile), "tile/0/", "tile/entries/", 1))
		if err != nil {
			return err
		}
		for i := int64(0); i < int64(tile.W); i++ {
			length := binary.BigEndian.Uint16(bundle)
			leaf := tlog.RecordHash(bundle[2 : 2+length])
			bundle = bundle[2+length:]
			more, err := tlog.StoredHashesForRecordHash(n+i, leaf, own)
			if err != nil {
				return err
			}
			stored = append(stored, more...)
			proof, err := tlog.ProveRecord(tree.N, n+i, published)
			if err != nil {
				return err
			}
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, n+i, leaf); err != nil {
				return fmt.Errorf("leaf %d: %v", n+i, err)
			}
		}
		if len(bundle) > 0 {
			return fmt.Errorf("%d bytes behind the bundle at %d", len(bundle), n)
		}
	}
	root, err := tlog.TreeHash(tree.N, own)
	if err == nil && root != tree.Hash {
		err = fmt.Errorf("the leaves' root is %v, signed is %v", root, tree.Hash)
	}
	return err
}

// extends checks that the tree goes on from the one of an older checkpoint.
func extends(tree tlog.Tree, published tlog.HashReader, older []byte, vkey string) error {
	before, err := open(older, vkey)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(tree.N, before.N, published)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, before.N, before.Hash)
}

// tiles reads them as https://c2sp.org/tlog-tiles names them: without the height.
type tiles struct{}

func (tiles) Height() int { return height }

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	read := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, err := get(path(tile))
		if err != nil {
			return nil, err
		}
		read[i] = data
	}
	return read, nil
}

func path(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
}

var seen = map[string][]byte{}

func get(name string) ([]byte, error) {
	if data, ok := seen[name]; ok {
		return data, nil
	}
	request, err := http.NewRequest("GET", base+"/"+name, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("INDELIBLE_KEY"))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != 200 {
		err = fmt.Errorf("%s: %s", name, answer.Status)
	}
	seen[name] = data
	return data, err
}
