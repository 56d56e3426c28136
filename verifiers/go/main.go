// Checks copies of a ledger and proofs of its entries, in another language and with code that we did not write: the
// signed notes and the transparency log of golang.org/x/mod/sumdb, by which Go's own module mirror is checked.
//
//	apt install golang-go golang-golang-x-mod-dev
//	GO111MODULE=off GOPATH=/usr/share/gocode go run main.go -key VKEY [-witness VKEY …] COPY|F.tlog-proof …
//
// It needs no network and nothing else of ours. Of a copy it checks the checkpoint's signature and cosignatures, every
// tile, every entry against the tiles, every author's signature, numbers and chain, and every field that is shown.
// Exit code 0: all holds; 1: something does not, a line each; 2: it was called wrongly.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	headerBytes = 145
	leafBytes   = headerBytes + ed25519.SignatureSize + 8
	tileHeight  = 8
	tileWidth   = 1 << tileHeight
	entryDomain = "safeconduct/entry/v1\n"
	maxFields   = 1024
)

func main() {
	key := flag.String("key", "", "the ledger's key, `VKEY` as NAME+HASH+BASE64")
	var witnesses cosigners
	flag.Var(&witnesses, "witness", "the key, `VKEY`, of a witness that must have cosigned; may be given several times")
	flag.Parse()
	ledger, err := note.NewVerifier(*key)
	if err != nil || flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: main -key VKEY [-witness VKEY …] COPY|F.tlog-proof …:", err)
		os.Exit(2)
	}
	trust := trust{ledger, witnesses}
	status := 0
	for _, path := range flag.Args() {
		said, err := trust.check(path)
		if err != nil {
			fmt.Printf("REFUSED %s: %v\n", path, err)
			status = 1
			continue
		}
		fmt.Printf("OK %s: %s\n", path, said)
	}
	os.Exit(status)
}

// A cosigner verifies timestamped cosignatures of C2SP tlog-cosignature (cosignature/v1).
type cosigner struct {
	name   string
	hash   uint32
	public ed25519.PublicKey
}

func newCosigner(vkey string) (*cosigner, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("a verifier key is written NAME+HASH+BASE64")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 4 {
		return nil, errors.New("it is no key for Ed25519 cosignatures (4)")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if hex.EncodeToString(sum[:4]) != parts[1] {
		return nil, errors.New("the key's hash is not that of its name and key")
	}
	return &cosigner{parts[0], binary.BigEndian.Uint32(sum[:4]), key[1:]}, nil
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize || signature[0] > 127 {
		return false
	}
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(signature), text)
	return ed25519.Verify(c.public, []byte(message), signature[8:])
}

type cosigners []*cosigner

func (c *cosigners) String() string { return fmt.Sprint(len(*c)) }

func (c *cosigners) Set(vkey string) error {
	one, err := newCosigner(vkey)
	if err == nil {
		*c = append(*c, one)
	}
	return err
}

// What must have come from elsewhere than the thing checked.
type trust struct {
	ledger    note.Verifier
	witnesses cosigners
}

func (t trust) check(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.IsDir() {
		return t.checkCopy(path)
	}
	return t.checkProof(path)
}

// open gives the tree that the ledger signed and every witness cosigned.
func (t trust) open(signed []byte) (tlog.Tree, error) {
	var tree tlog.Tree
	verifiers := []note.Verifier{t.ledger}
	for _, one := range t.witnesses {
		verifiers = append(verifiers, one)
	}
	opened, err := note.Open(signed, note.VerifierList(verifiers...))
	if err != nil {
		return tree, err
	}
	for _, wanted := range verifiers {
		if !signedBy(opened, wanted) {
			return tree, fmt.Errorf("the checkpoint is not signed by %s+%08x", wanted.Name(), wanted.KeyHash())
		}
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != t.ledger.Name() {
		return tree, errors.New("the checkpoint is of another ledger")
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil || tree.N < 0 || strconv.FormatInt(tree.N, 10) != lines[1] {
		return tree, errors.New("the checkpoint's size is no number")
	}
	if tree.Hash, err = tlog.ParseHash(lines[2]); err != nil {
		return tree, errors.New("the checkpoint's root is no hash")
	}
	return tree, nil
}

func signedBy(opened *note.Note, wanted note.Verifier) bool {
	for _, one := range opened.Sigs {
		if one.Name == wanted.Name() && one.Hash == wanted.KeyHash() {
			return true
		}
	}
	return false
}

// checkProof checks a .tlog-proof (C2SP tlog-proof).
func (t trust) checkProof(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	head, signed, found := strings.Cut(string(content), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		return "", errors.New("it is no proof of an entry")
	}
	tree, err := t.open([]byte(signed))
	if err != nil {
		return "", err
	}
	extra, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil || len(extra) < leafBytes {
		return "", errors.New("the extra data are no leaf")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil || index < 0 || index >= tree.N {
		return "", errors.New("there is no such entry")
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return "", errors.New("a line of the proof is no hash")
		}
		proof = append(proof, hash)
	}
	leaf := extra[:leafBytes]
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf)); err != nil {
		return "", fmt.Errorf("entry %d is not in the ledger with this root: %v", index, err)
	}
	if err := checkAuthor(leaf); err != nil {
		return "", err
	}
	said := fmt.Sprintf("entry %d of %d, recorded %s", index, tree.N, recordedAt(leaf))
	if len(extra) > leafBytes {
		shown, err := checkShown(extra[leafBytes:], index, leaf)
		if err != nil {
			return "", err
		}
		said += ", shows " + strings.Join(shown, ", ")
	}
	return said, nil
}

// checkCopy checks a copy (C2SP tlog-tiles, and disclosed.jsonl).
func (t trust) checkCopy(folder string) (string, error) {
	signed, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return "", err
	}
	tree, err := t.open(signed)
	if err != nil {
		return "", err
	}
	if tree.N == 0 {
		if tree.Hash != sha256.Sum256(nil) {
			return "", errors.New("the empty ledger has another root")
		}
		return "no entries", nil
	}
	files := map[string]bool{}
	reader := tlog.TileHashReader(tree, tileReader{folder, files})
	leaves, err := readLeaves(folder, tree.N, files)
	if err != nil {
		return "", err
	}
	// Every hash of every tile, and by TileHashReader each tile against the root; at the lowest level also the entries.
	for level := 0; tree.N>>(tileHeight*level) > 0; level++ {
		count := tree.N >> (tileHeight * level)
		for start := int64(0); start < count; start += tileWidth {
			var indexes []int64
			for at := start; at < count && at < start+tileWidth; at++ {
				indexes = append(indexes, tlog.StoredHashIndex(tileHeight*level, at))
			}
			hashes, err := reader.ReadHashes(indexes)
			if err != nil {
				return "", err
			}
			for place, hash := range hashes {
				if level == 0 && hash != tlog.RecordHash(leaves[start+int64(place)]) {
					return "", fmt.Errorf("entry %d: it is not what was hashed", start+int64(place))
				}
			}
		}
	}
	if err := checkNoMore(folder, files); err != nil {
		return "", err
	}
	if err := checkAuthors(leaves); err != nil {
		return "", err
	}
	entries, err := checkDisclosed(folder, leaves)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d entries, fields of %d shown", tree.N, entries), nil
}

// A tileReader reads the tiles of a copy, remembering which; their hashes are checked by whoever asks.
type tileReader struct {
	folder string
	files  map[string]bool
}

func (r tileReader) Height() int                                { return tileHeight }
func (r tileReader) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

func (r tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		// Go's paths name the height, C2SP's do not.
		path := "tile/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
		content, err := os.ReadFile(filepath.Join(r.folder, path))
		if err != nil {
			return nil, err
		}
		r.files[path] = true
		data = append(data, content)
	}
	return data, nil
}

func readLeaves(folder string, size int64, files map[string]bool) ([][]byte, error) {
	var leaves [][]byte
	for start := int64(0); start < size; start += tileWidth {
		width := size - start
		if width > tileWidth {
			width = tileWidth
		}
		tile := tlog.Tile{H: tileHeight, L: 0, N: start / tileWidth, W: int(width)}
		path := "tile/entries/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/0/", tileHeight))
		bundle, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			return nil, err
		}
		files[path] = true
		for ; width > 0; width-- {
			if len(bundle) < 2+leafBytes || binary.BigEndian.Uint16(bundle) != leafBytes {
				return nil, fmt.Errorf("%s is no bundle of entries", path)
			}
			leaves = append(leaves, bundle[2:2+leafBytes])
			bundle = bundle[2+leafBytes:]
		}
		if len(bundle) > 0 {
			return nil, fmt.Errorf("%s goes on after its entries", path)
		}
	}
	return leaves, nil
}

func checkNoMore(folder string, files map[string]bool) error {
	return filepath.WalkDir(filepath.Join(folder, "tile"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err == nil && !files[name] {
			err = fmt.Errorf("%s does not belong to a ledger of that size", name)
		}
		return err
	})
}

func checkAuthor(leaf []byte) error {
	header, signature := leaf[:headerBytes], leaf[headerBytes:headerBytes+ed25519.SignatureSize]
	if header[0] != 1 {
		return errors.New("its header has another format version")
	}
	if !ed25519.Verify(header[1:33], append([]byte(entryDomain), header...), signature) {
		return errors.New("the author's signature does not hold")
	}
	return nil
}

// checkAuthors checks every author's signatures, numbers and chain, and that times of recording never fall.
func checkAuthors(leaves [][]byte) error {
	type last struct {
		number   uint64
		previous [32]byte
	}
	authors := map[string]last{}
	recorded := uint64(0)
	for index, leaf := range leaves {
		if err := checkAuthor(leaf); err != nil {
			return fmt.Errorf("entry %d: %v", index, err)
		}
		author := string(leaf[1:33])
		before := authors[author]
		number := binary.BigEndian.Uint64(leaf[33:41])
		if number != before.number+1 || !bytes.Equal(leaf[41:73], before.previous[:]) {
			return fmt.Errorf("entry %d: it does not continue from its author's entry number %d", index, before.number)
		}
		authors[author] = last{number, sha256.Sum256(leaf[:headerBytes+ed25519.SignatureSize])}
		at := binary.BigEndian.Uint64(leaf[leafBytes-8:])
		if at < recorded {
			return fmt.Errorf("entry %d: it was recorded earlier than the entry before it", index)
		}
		recorded = at
	}
	return nil
}

func recordedAt(leaf []byte) string {
	return time.UnixMicro(int64(binary.BigEndian.Uint64(leaf[leafBytes-8:]))).UTC().Format(time.RFC3339Nano)
}

func checkDisclosed(folder string, leaves [][]byte) (int, error) {
	content, err := os.ReadFile(filepath.Join(folder, "disclosed.jsonl"))
	if err != nil {
		return 0, err
	}
	lines := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")[1:]
	for _, line := range lines {
		var which struct{ Index int64 }
		if err := json.Unmarshal([]byte(line), &which); err != nil || which.Index < 0 || which.Index >= int64(len(leaves)) {
			return 0, errors.New("a line of disclosed.jsonl is of no entry")
		}
		if _, err := checkShown([]byte(line), which.Index, leaves[which.Index]); err != nil {
			return 0, fmt.Errorf("entry %d: %v", which.Index, err)
		}
	}
	return len(lines), nil
}

// checkShown checks that the author of a leaf committed to the fields that a line shows, and gives them.
func checkShown(line []byte, index int64, leaf []byte) ([]string, error) {
	var told struct {
		Count  int
		Fields [][]json.RawMessage
		Index  int64
		Nodes  [][]byte
	}
	if err := json.Unmarshal(line, &told); err != nil || told.Index != index || told.Count < 1 || told.Count > maxFields {
		return nil, errors.New("what is shown of it cannot be read, or is of another entry")
	}
	hashes := map[int]tlog.Hash{}
	var shown []string
	for _, field := range told.Fields {
		var place int
		var slot string
		var salt []byte
		if len(field) != 4 || json.Unmarshal(field[0], &place) != nil || json.Unmarshal(field[1], &slot) != nil ||
			json.Unmarshal(field[3], &salt) != nil || len(salt) != 32 || place < 0 || place >= told.Count {
			return nil, errors.New("a field that is shown of it cannot be read")
		}
		commitment := sha256.Sum256(bytes.Join([][]byte{salt, []byte(slot), {0}, field[2]}, nil))
		hashes[place] = tlog.RecordHash(commitment[:])
		shown = append(shown, fmt.Sprintf("%s = %s", slot, field[2]))
	}
	if len(shown) == 0 || len(hashes) != len(shown) {
		return nil, errors.New("no field is shown, or one twice")
	}
	root, ok := shownRoot(0, told.Count, hashes, &told.Nodes)
	if !ok || len(told.Nodes) > 0 || !bytes.Equal(root[:], leaf[113:145]) {
		return nil, errors.New("what is shown is not what its author committed to")
	}
	return shown, nil
}

// shownRoot gives the root over the fields from start to before end, taking what is not shown from nodes.
func shownRoot(start, end int, hashes map[int]tlog.Hash, nodes *[][]byte) (tlog.Hash, bool) {
	some := false
	for place := start; place < end; place++ {
		_, found := hashes[place]
		some = some || found
	}
	if !some {
		var hash tlog.Hash
		if len(*nodes) == 0 || copy(hash[:], (*nodes)[0]) != len(hash) {
			return hash, false
		}
		*nodes = (*nodes)[1:]
		return hash, true
	}
	if end-start == 1 {
		return hashes[start], true
	}
	half := 1
	for half*2 < end-start {
		half *= 2
	}
	left, first := shownRoot(start, start+half, hashes, nodes)
	right, second := shownRoot(start+half, end, hashes, nodes)
	return tlog.NodeHash(left, right), first && second
}
